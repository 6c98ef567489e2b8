package dev.rmb.client;

import org.jspecify.annotations.Nullable;

/** A payload had to be encrypted and could not be, so it was not sent. */
public final class CannotEncryptException extends RmbException {
    CannotEncryptException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
