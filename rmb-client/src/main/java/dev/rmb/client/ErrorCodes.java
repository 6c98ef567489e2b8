package dev.rmb.client;

/** What the codes of errors between twins mean. See docs/specification.md, 10. */
public final class ErrorCodes {
    /** Of a relay's own errors. */
    public static final int RELAY = 0;

    /** The message is not one that can be worked on. */
    public static final int INVALID_MESSAGE = 100;

    /** The payload is not what the command takes. */
    public static final int INVALID_PAYLOAD = 101;

    /** The message has expired. */
    public static final int EXPIRED = 102;

    /** There is no twin with the sender's number. */
    public static final int UNKNOWN_TWIN = 103;

    /** The signature is not the sender's. */
    public static final int INVALID_SIGNATURE = 104;

    /** The payload is encrypted, and the sender has no public key to decrypt it with. */
    public static final int NO_PUBLIC_KEY = 105;

    /** The payload cannot be decrypted. */
    public static final int CANNOT_DECRYPT = 106;

    /** A handler failed, or there is none. */
    public static final int HANDLER_FAILED = 255;

    /** Something else went wrong where the message was received. */
    public static final int OTHER = 500;

    private ErrorCodes() {}
}
