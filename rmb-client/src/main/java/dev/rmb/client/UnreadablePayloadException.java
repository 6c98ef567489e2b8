package dev.rmb.client;

/** An answer came whose payload is encrypted, and this client has no key to read it with. */
public final class UnreadablePayloadException extends RmbException {
    UnreadablePayloadException(String message) {
        super(message, null, false);
    }
}
