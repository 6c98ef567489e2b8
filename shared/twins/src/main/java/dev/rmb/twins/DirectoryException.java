package dev.rmb.twins;

import org.jspecify.annotations.Nullable;

/** A directory could not answer, or not take a change. Nothing is known of the twin then. */
public final class DirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private DirectoryException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** The source is away or busy: the same question may be answered later. */
    public static DirectoryException retryable(String message, @Nullable Throwable cause) {
        return new DirectoryException(message, cause, true);
    }

    /** Asking again does not help before somebody has changed something. */
    public static DirectoryException lasting(String message, @Nullable Throwable cause) {
        return new DirectoryException(message, cause, false);
    }

    /** Whether asking again later may help. */
    public boolean isRetryable() {
        return retryable;
    }
}
