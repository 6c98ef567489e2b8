package dev.rmb.server.admin;

import dev.rmb.server.access.Access;
import dev.rmb.server.access.Gate;
import dev.rmb.server.access.Gate.Judgement;
import dev.rmb.server.access.Role;
import dev.rmb.server.access.Visitor;
import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets those in who may: each resource says which role it needs. What says nothing needs the
 * highest, should it ever get here.
 */
@Priority(Priorities.AUTHENTICATION)
final class AccessFilter implements ContainerRequestFilter {
    private static final String CHALLENGE = "Bearer realm=\"rmb-admin\"";
    private static final int TOO_MANY_REQUESTS = 429;

    private final Gate gate;
    private final Set<Class<?>> opened;
    private final AccessMetrics metrics;

    @SuppressWarnings("NullAway.Init")
    @Context
    private ResourceInfo resource;

    @SuppressWarnings("NullAway.Init")
    @Context
    private HttpServletRequest connection;

    /**
     * @param opened resources that need no role, whatever they say
     */
    AccessFilter(Gate gate, Set<Class<?>> opened, AccessMetrics metrics) {
        this.gate = gate;
        this.metrics = metrics;
        this.opened = Set.copyOf(opened);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Role needed = needed(request);
        if (needed == null) {
            return;
        }
        InetAddress remote = address(connection.getRemoteAddr());
        switch (gate.judge(request.getHeaderString(HttpHeaders.AUTHORIZATION), remote)) {
            case Judgement.Known known -> admit(request, known.visitor(), needed);
            case Judgement.Nobody nobody -> {
                metrics.noToken.inc();
                request.abortWith(
                        refusal(
                                401,
                                "this needs a token with the role "
                                        + needed
                                        + ": Authorization: Bearer TOKEN",
                                CHALLENGE));
            }
            case Judgement.Wrong wrong -> {
                metrics.wrongToken.inc();
                request.abortWith(
                        refusal(
                                401,
                                "there is no such token",
                                CHALLENGE + ", error=\"invalid_token\""));
            }
            case Judgement.LockedOut locked -> {
                metrics.lockedOut.inc();
                request.abortWith(lockedOut(locked));
            }
        }
    }

    /** As servers write it: one of IPv6 may have brackets and a zone. */
    static InetAddress address(String written) {
        String plain =
                written.startsWith("[") ? written.substring(1, written.indexOf(']')) : written;
        int zone = plain.indexOf('%');
        return InetAddress.ofLiteral(zone < 0 ? plain : plain.substring(0, zone));
    }

    private static Response lockedOut(Judgement.LockedOut locked) {
        return Response.fromResponse(
                        Problem.of(TOO_MANY_REQUESTS, "too many wrong tokens from this address")
                                .response())
                .header(HttpHeaders.RETRY_AFTER, locked.remaining().toSeconds() + 1)
                .build();
    }

    private void admit(ContainerRequestContext request, Visitor visitor, Role needed) {
        request.setSecurityContext(
                new VisitorContext(visitor, request.getSecurityContext().isSecure()));
        if (!visitor.role().includes(needed)) {
            metrics.role.inc();
            request.abortWith(
                    refusal(
                            403,
                            "this needs the role "
                                    + needed
                                    + "; the token of "
                                    + visitor.name()
                                    + " has "
                                    + visitor.role(),
                            CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + needed + '"'));
        }
    }

    private static Response refusal(int status, String detail, String challenge) {
        return Response.fromResponse(Problem.of(status, detail).response())
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .build();
    }

    private @Nullable Role needed(ContainerRequestContext request) {
        Class<?> type = resource.getResourceClass();
        Method method = resource.getResourceMethod();
        if (type == null || method == null || opened.contains(type)) {
            return opened.contains(type) ? null : Role.ADMIN;
        }
        Access access = Access.of(type, method);
        if (access instanceof Access.Undeclared && request.getMethod().equals(HttpMethod.OPTIONS)) {
            // Jersey's own answer: which methods there are.
            return null;
        }
        return switch (access) {
            case Access.Everybody everybody -> null;
            case Access.Holders holders -> holders.role();
            case Access.Undeclared undeclared -> Role.ADMIN;
        };
    }
}
