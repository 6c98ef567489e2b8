package dev.rmb.client;

/**
 * Thrown by a {@link RequestHandler} (or by the stage it returns) to answer with an error that the
 * caller sees as it is. Of other exceptions a caller only learns that the handler failed.
 */
public final class HandlerException extends RuntimeException {
    /** The code that services use unless they have codes of their own. */
    public static final int HANDLER_FAILED = ErrorCodes.HANDLER_FAILED;

    private final int code;

    /**
     * An error with a code of the service's own.
     *
     * @param code not negative
     * @param text goes to the caller word for word
     */
    public HandlerException(int code, String text) {
        super(text);
        if (code < 0) {
            throw new IllegalArgumentException("negative error code: " + code);
        }
        this.code = code;
    }

    /**
     * An error with code 255.
     *
     * @param text goes to the caller word for word
     */
    public HandlerException(String text) {
        this(HANDLER_FAILED, text);
    }

    /** Tells the caller what kind of error it is. */
    public int code() {
        return code;
    }

    /** Goes to the caller. */
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
