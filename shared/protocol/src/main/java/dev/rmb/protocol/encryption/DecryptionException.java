package dev.rmb.protocol.encryption;

import dev.rmb.protocol.ProtocolException;

/** A cipher text that was not made by the other end for this one, or was changed on its way. */
public final class DecryptionException extends ProtocolException {
    DecryptionException(String message) {
        super(message);
    }
}
