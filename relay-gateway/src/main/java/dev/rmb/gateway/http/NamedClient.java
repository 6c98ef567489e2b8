package dev.rmb.gateway.http;

import dev.rmb.cluster.net.IpAddress;
import dev.rmb.gateway.socket.TrustedProxies;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which client a proxy's request is from. Each proxy adds, at the end of the list, whom it has the
 * request from, and what stands before may be the client's invention: so the list is read from its
 * end for as long as it is trusted proxies that are named, and the first other one is the client.
 */
final class NamedClient {
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";

    /** No request passes more trusted proxies than this. */
    private static final int MAX_PROXIES = 16;

    private NamedClient() {}

    /**
     * @param proxy that the request came from, a trusted one
     * @return the client's address; that of the last proxy that is known where it names none; empty
     *     if the header cannot be read, so that nothing it says can be relied on
     */
    static Optional<InetAddress> of(
            HttpHeaders headers, ClientHeader where, InetAddress proxy, TrustedProxies trusted) {
        return switch (where) {
            case NONE -> Optional.of(proxy);
            case X_FORWARDED_FOR ->
                    Optional.of(
                            lastUntrusted(
                                    ForwardedFor.xForwardedFor(
                                            headers.getAll(X_FORWARDED_FOR), MAX_PROXIES),
                                    proxy,
                                    trusted));
            case FORWARDED -> {
                List<String> nodes = ForwardedFor.forwarded(headers.getAll(FORWARDED), MAX_PROXIES);
                yield nodes == null
                        ? Optional.empty()
                        : Optional.of(lastUntrusted(nodes, proxy, trusted));
            }
        };
    }

    private static InetAddress lastUntrusted(
            List<String> lastFirst, InetAddress proxy, TrustedProxies trusted) {
        InetAddress found = proxy;
        for (String node : lastFirst) {
            InetAddress address = address(node);
            if (address == null) {
                // A trusted proxy says that it does not know, or will not tell.
                return found;
            }
            found = address;
            if (!trusted.trust(address)) {
                return found;
            }
        }
        return found;
    }

    /** The address of a node, which may have a port. */
    private static @Nullable InetAddress address(String node) {
        String text = node.trim();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? null : IpAddress.parse(text.substring(1, end));
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
        return IpAddress.parse(hasPort ? text.substring(0, colon) : text);
    }
}
