package dev.rmb.server.admin;

import com.codahale.metrics.Counter;
import dev.rmb.server.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down every change that somebody asked for, made or not: one line, without its body. A
 * logger of its own, so that it can go its own way.
 */
final class AuditLog implements ContainerResponseFilter {
    /** Its name in the configuration: {@code logging.loggers}. */
    static final String LOGGER = "dev.rmb.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final Set<String> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int LONGEST_PATH = 300;

    private final Counter changes;

    @SuppressWarnings("NullAway.Init")
    @Context
    private HttpServletRequest connection;

    AuditLog(Counter changes) {
        this.changes = changes;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String method = request.getMethod();
        // Without a token nothing is changed, and anybody could fill the log.
        if (SAFE.contains(method)
                || !(request.getSecurityContext().getUserPrincipal() instanceof Visitor visitor)) {
            return;
        }
        changes.inc();
        // As it was sent: what a terminal would obey is written in percents.
        String path = shortened(request.getUriInfo().getRequestUri().getRawPath());
        String remote = connection.getRemoteAddr();
        int status = response.getStatus();
        log.atInfo()
                .addKeyValue("who", visitor.name())
                .addKeyValue("role", visitor.role().toString())
                .addKeyValue("remote", remote)
                .addKeyValue("what", method + " " + path)
                .addKeyValue("status", status)
                .log(
                        "{} {} by {} ({}) from {}: {} {}",
                        method,
                        path,
                        visitor.name(),
                        visitor.role(),
                        remote,
                        status,
                        result(status));
    }

    private static String result(int status) {
        return switch (status / 100) {
            case 2 -> "done";
            case 4 -> "refused";
            default -> "failed";
        };
    }

    private static String shortened(String path) {
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "…";
    }
}
