package dev.rmb.protocol.identity;

import dev.rmb.protocol.ProtocolException;

/** Bytes that are no public key to encrypt for. */
public final class InvalidPublicKeyException extends ProtocolException {
    InvalidPublicKeyException(String message) {
        super(message);
    }
}
