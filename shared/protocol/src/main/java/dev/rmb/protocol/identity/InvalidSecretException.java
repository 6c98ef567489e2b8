package dev.rmb.protocol.identity;

import dev.rmb.protocol.ProtocolException;

/** Text that is no usable secret. The message never holds any of it. */
public final class InvalidSecretException extends ProtocolException {
    InvalidSecretException(String message) {
        super(message);
    }
}
