package dev.rmb.client;

import org.jspecify.annotations.Nullable;

/**
 * No connection to the relay: it {@linkplain RelayRefusedException refused}, or was not reached.
 */
public abstract class RelayConnectException extends RmbException {
    /** For the two cases. */
    RelayConnectException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause, retryable);
    }
}
