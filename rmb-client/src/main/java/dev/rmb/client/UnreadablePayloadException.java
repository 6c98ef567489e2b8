package dev.rmb.client;

/** An answer came whose payload cannot be decrypted, or is not what it was to be read as. */
public final class UnreadablePayloadException extends RmbException {
    UnreadablePayloadException(String message) {
        super(message, null, false);
    }
}
