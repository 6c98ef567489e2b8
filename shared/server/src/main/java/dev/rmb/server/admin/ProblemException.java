package dev.rmb.server.admin;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

/** Ends a request with a problem; resources throw it, and nobody logs it. */
public final class ProblemException extends WebApplicationException {
    private static final long serialVersionUID = 1L;

    private ProblemException(Response response, String detail) {
        super(detail, response);
    }

    /**
     * @param detail what went wrong and what to do about it, for the caller
     */
    public static ProblemException of(Response.Status status, String detail) {
        return new ProblemException(Response.status(status).build(), detail);
    }

    /**
     * @param allowed the methods that may be asked for instead
     */
    public static ProblemException notAllowed(String detail, String... allowed) {
        return new ProblemException(
                Response.status(Response.Status.METHOD_NOT_ALLOWED).allow(allowed).build(), detail);
    }

    public static ProblemException badRequest(String detail) {
        return of(Response.Status.BAD_REQUEST, detail);
    }
}
