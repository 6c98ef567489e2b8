package dev.rmb.client;

import org.jspecify.annotations.Nullable;

/** Something a client was asked to do and could not. Its subclasses say what. */
public abstract class RmbException extends RuntimeException {
    private final boolean retryable;

    /**
     * For the subclasses.
     *
     * @param message what happened
     * @param cause what it happened by, if that was an exception
     * @param retryable whether the same thing may succeed later
     */
    RmbException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same may succeed when it is tried again later. */
    public final boolean isRetryable() {
        return retryable;
    }
}
