package dev.rmb.server.admin;

import dev.rmb.server.config.HostPort;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;

/**
 * Refuses requests for another host than this machine. The port is open to every program here, and
 * a browser is one: a page of some other site whose name is made to point to 127.0.0.1 would be
 * allowed to read and change everything, and any page may send requests without reading the answer.
 */
@PreMatching
final class LocalHostOnly implements ContainerRequestFilter {
    private static final int MISDIRECTED = 421;
    private static final int FORBIDDEN = 403;
    private static final String ORIGIN = "Origin";
    private static final Set<String> NAMES = Set.of("localhost", "::1");

    @Override
    public void filter(ContainerRequestContext request) {
        String origin = request.getHeaderString(ORIGIN);
        if (origin != null && !isLocalOrigin(origin)) {
            request.abortWith(
                    Problem.of(FORBIDDEN, "pages of other sites may not use the admin port")
                            .response());
            return;
        }
        String host = request.getHeaderString(HttpHeaders.HOST);
        if (host != null && !isLocal(host)) {
            request.abortWith(
                    Problem.of(MISDIRECTED, "the admin port serves this machine only").response());
        }
    }

    /** What a browser says of the page that asks; {@code null} as text if it will not say. */
    private static boolean isLocalOrigin(String origin) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && isLocal(origin.substring(scheme + "://".length()));
    }

    private static boolean isLocal(String host) {
        try {
            String name = HostPort.parse(host.matches(".*:\\d+$") ? host : host + ":80").host();
            return NAMES.contains(name) || name.matches("127(\\.\\d{1,3}){3}");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
