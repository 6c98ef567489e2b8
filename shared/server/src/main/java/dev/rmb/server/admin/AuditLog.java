package dev.rmb.server.admin;

import com.codahale.metrics.Counter;
import dev.rmb.server.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes down every change that somebody asked for, made or not, and who was given what belongs to
 * others: one line, without bodies. A logger of its own, so that it can go its own way.
 */
final class AuditLog implements ContainerResponseFilter {
    /** Its name in the configuration: {@code logging.loggers}. */
    static final String LOGGER = "dev.rmb.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final Set<String> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int LONGEST_PATH = 300;

    /** Nobody begins a line of his own. */
    private static final Pattern LINES = Pattern.compile("\\p{Cntrl}");

    private final Counter changes;

    @SuppressWarnings("NullAway.Init")
    @Context
    private HttpServletRequest connection;

    @SuppressWarnings("NullAway.Init")
    @Context
    private ResourceInfo resource;

    AuditLog(Counter changes) {
        this.changes = changes;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String method = request.getMethod();
        boolean isChange = !SAFE.contains(method);
        // Without a token nothing is changed, and anybody could fill the log.
        if ((!isChange && !isAudited())
                || !(request.getSecurityContext().getUserPrincipal() instanceof Visitor visitor)) {
            return;
        }
        if (isChange) {
            changes.inc();
        }
        // As it was sent: what a terminal would obey is written in percents.
        String path = shortened(request.getUriInfo().getRequestUri().getRawPath());
        String remote = connection.getRemoteAddr();
        int status = response.getStatus();
        String subject = subject(response);
        LoggingEventBuilder event =
                log.atInfo()
                        .addKeyValue("who", visitor.name())
                        .addKeyValue("role", visitor.role().toString())
                        .addKeyValue("remote", remote)
                        .addKeyValue("what", method + " " + path)
                        .addKeyValue("status", status);
        if (!subject.isEmpty()) {
            event = event.addKeyValue("subject", subject);
        }
        event.log(
                "{} {} by {} ({}) from {}: {} {}{}",
                method,
                path,
                visitor.name(),
                visitor.role(),
                remote,
                status,
                result(status),
                subject.isEmpty() ? "" : ": " + subject);
    }

    private boolean isAudited() {
        Method method = resource.getResourceMethod();
        return method != null && method.isAnnotationPresent(Audited.class);
    }

    /** What was made, and what it has now; empty if the path says all. */
    private String subject(ContainerResponseContext response) {
        URI made = response.getLocation();
        String note = Audit.noteOf(connection);
        return Stream.of(made == null ? null : made.getRawPath(), note)
                .filter(Objects::nonNull)
                .map(part -> shortened(LINES.matcher(part).replaceAll("?")))
                .collect(Collectors.joining(", "));
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
