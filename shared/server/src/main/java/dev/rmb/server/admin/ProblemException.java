package dev.rmb.server.admin;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

/** Ends a request with a problem; resources throw it, and nobody logs it. */
public final class ProblemException extends WebApplicationException {
    private static final long serialVersionUID = 1L;

    private ProblemException(int status, String detail) {
        super(detail, status);
    }

    /**
     * @param detail what went wrong and what to do about it, for the caller
     */
    public static ProblemException of(Response.Status status, String detail) {
        return new ProblemException(status.getStatusCode(), detail);
    }

    public static ProblemException badRequest(String detail) {
        return of(Response.Status.BAD_REQUEST, detail);
    }
}
