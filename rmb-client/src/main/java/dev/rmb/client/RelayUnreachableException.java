package dev.rmb.client;

import org.jspecify.annotations.Nullable;

/** The relay was not reached: wrong address, no network, not running, no answer in time. */
public final class RelayUnreachableException extends RelayConnectException {
    RelayUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause, true);
    }
}
