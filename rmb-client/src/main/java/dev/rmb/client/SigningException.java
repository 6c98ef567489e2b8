package dev.rmb.client;

/** The signer failed, so nothing was sent. */
public final class SigningException extends RmbException {
    SigningException(Throwable cause) {
        super("it cannot be signed: " + cause.getMessage(), cause, false);
    }
}
