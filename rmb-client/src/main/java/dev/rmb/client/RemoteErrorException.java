package dev.rmb.client;

/**
 * A call was answered with an error: by the service, or by a relay that could not deliver it
 * ({@link #isFromRelay}).
 */
public final class RemoteErrorException extends RmbException {
    private final long code;
    private final String text;
    private final boolean fromRelay;

    RemoteErrorException(long code, String text, boolean fromRelay) {
        super(
                (fromRelay ? "the relay answered: " : "error " + code + ": ") + text,
                null,
                fromRelay);
        this.code = code;
        this.text = text;
        this.fromRelay = fromRelay;
    }

    /** The error's code: 255 for failures of a handler, 0 for errors of relays. */
    public long code() {
        return code;
    }

    /** What the other side says about it. */
    public String text() {
        return text;
    }

    /** Whether the call did not reach its destination, and a relay says why. */
    public boolean isFromRelay() {
        return fromRelay;
    }
}
