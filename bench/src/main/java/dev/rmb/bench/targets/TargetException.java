package dev.rmb.bench.targets;

import org.jspecify.annotations.Nullable;

/** A server that was to be measured does not start. The message is for the user. */
public final class TargetException extends RuntimeException {
    TargetException(String message) {
        this(message, null);
    }

    TargetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
