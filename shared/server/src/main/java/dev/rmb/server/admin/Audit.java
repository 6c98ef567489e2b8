package dev.rmb.server.admin;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the audit log says of a change beside its path: in a few words what it has now. No secrets,
 * no payloads.
 */
public final class Audit {
    private static final String NOTE = Audit.class.getName();

    private Audit() {}

    /** To be called before the change is made, so that it is told of one that fails, too. */
    public static void note(HttpServletRequest request, String note) {
        request.setAttribute(NOTE, note);
    }

    static @Nullable String noteOf(HttpServletRequest request) {
        return request.getAttribute(NOTE) instanceof String note ? note : null;
    }
}
