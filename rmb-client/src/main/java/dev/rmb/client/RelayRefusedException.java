package dev.rmb.client;

/**
 * The relay answered, but did not let this twin connect. Retrying helps when the relay is busy, and
 * not when it does not know the twin or the token is wrong; a clock that is off by minutes makes
 * every token wrong.
 */
public final class RelayRefusedException extends RelayConnectException {
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;

    private final int status;
    private final String text;

    RelayRefusedException(int status, String text) {
        super(
                "the relay refused the connection: " + status + " " + text,
                null,
                status == TOO_MANY || status >= SERVER_ERRORS);
        this.status = status;
        this.text = text;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What the relay says about it. */
    public String text() {
        return text;
    }
}
