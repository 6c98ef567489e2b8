package dev.rmb.gateway.socket;

import dev.rmb.cluster.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection is from, as limits, bans and the log go by.
 *
 * @param address of the client; that of its proxy as long as the client has not been named
 * @param proxy the trusted proxy whose requests name the client; {@code null}: they are its own
 */
public record Origin(InetAddress address, @Nullable InetAddress proxy) {
    /** Of connections that have none: they are from this machine. */
    private static final InetAddress NONE = InetAddress.getLoopbackAddress();

    static InetAddress addressOf(SocketAddress from) {
        InetAddress address = from instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return address == null ? NONE : IpAddress.plain(address);
    }
}
