package dev.rmb.tfchain;

import org.jspecify.annotations.Nullable;

/** The chain could not be asked, or its answer not understood. */
public final class ChainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private ChainException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    static ChainException retryable(String message, @Nullable Throwable cause) {
        return new ChainException(message, cause, true);
    }

    static ChainException lasting(String message, @Nullable Throwable cause) {
        return new ChainException(message, cause, false);
    }

    /** Whether asking again later may help. */
    public boolean isRetryable() {
        return retryable;
    }
}
