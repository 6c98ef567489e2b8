package dev.rmb.protocol.token;

import dev.rmb.protocol.ProtocolException;

/** A token that opens no connection, and why. To the client all of these are the same refusal. */
public final class TokenException extends ProtocolException {
    /** What is wrong with a token. */
    public enum Reason {
        /** Not a token at all, or one with missing or unusable claims. */
        MALFORMED,
        /** Its time is over. */
        EXPIRED,
        /** It is valid for longer than allowed. */
        LIFETIME_TOO_LONG,
        /** It is not signed by the twin's account. */
        WRONG_SIGNATURE
    }

    private final Reason reason;

    TokenException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@return what is wrong with the token} */
    public Reason reason() {
        return reason;
    }
}
