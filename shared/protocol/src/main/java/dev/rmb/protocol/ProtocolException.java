package dev.rmb.protocol;

/**
 * Input that breaks the protocol: an envelope, token, secret or cipher text that cannot be used.
 *
 * <p>It says what is wrong and never repeats the input, which may be secret and may be long. It has
 * no stack trace: what is wrong is the input and not the code, and whoever sends it must not be
 * able to make the receiver pay for one.
 */
public abstract class ProtocolException extends RuntimeException {
    /**
     * For the subclasses, one for each kind of input.
     *
     * @param message what is wrong, without any part of the input
     */
    protected ProtocolException(String message) {
        super(message, null, false, false);
    }
}
