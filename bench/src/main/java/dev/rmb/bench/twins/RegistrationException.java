package dev.rmb.bench.twins;

import org.jspecify.annotations.Nullable;

/** The demo twins are not registered, so that no run can start. The message is for the user. */
public final class RegistrationException extends RuntimeException {
    RegistrationException(String message) {
        this(message, null);
    }

    RegistrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
