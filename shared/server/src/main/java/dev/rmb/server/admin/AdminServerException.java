package dev.rmb.server.admin;

/** The admin port could not be opened; the message says what to change. */
public final class AdminServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AdminServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
