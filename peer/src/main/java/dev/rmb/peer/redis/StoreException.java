package dev.rmb.peer.redis;

/** Redis did not do what it was asked. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    private StoreException(String message, Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** It is away, or busy. */
    static StoreException retryable(String message, Throwable cause) {
        return new StoreException(message, cause, true);
    }

    /** It will not do so later either: what is under the key is no list, for example. */
    static StoreException lasting(String message, Throwable cause) {
        return new StoreException(message, cause, false);
    }

    /** Whether asking again later may help. */
    public boolean isRetryable() {
        return retryable;
    }
}
