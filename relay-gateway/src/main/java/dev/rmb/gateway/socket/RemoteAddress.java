package dev.rmb.gateway.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** By which clients are told apart that have not said who they are. */
public final class RemoteAddress {
    private RemoteAddress() {}

    /**
     * The number of a client's address, or of its network of 64 bits. IPv4 addresses are below
     * 2^32; an IPv6 network of that kind is none that is routed.
     */
    public static long key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(bytes).getLong()
                : ByteBuffer.wrap(bytes).getInt() & 0xFFFF_FFFFL;
    }
}
