package dev.rmb.gateway.session;

/** Why the gateway ends a session. */
public enum Ending {
    /** A newer connection has the address. */
    REPLACED("replaced by a newer connection"),
    /** This gateway stops. */
    GOING_AWAY("the relay is stopping"),
    /** What the client sent is not an envelope. */
    NOT_AN_ENVELOPE("not an envelope"),
    /** It left a probe unanswered. */
    SILENT("no answer to pings"),
    /** It does not read what it is sent. */
    NOT_READING("too much waits to be read"),
    /** It holds most of what waits for clients to read, and there is no room for more. */
    SHED("too much waits to be read, connect again"),
    /** It holds most of what waits for the rest of its message, and there is no room for more. */
    UNFINISHED("too many unfinished messages, connect again"),
    /** This gateway failed to handle it. */
    FAULT("the relay failed"),
    /** An envelope that nobody can be told about could not be accepted. */
    NOT_ACCEPTED("a message could not be accepted"),
    /** Its twin, or where it is from, has been banned. */
    BANNED("banned"),
    /** An operator ended it; the client may connect again. */
    DISCONNECTED("disconnected by the operator"),
    /** The owner of its partition cannot be reached from here. */
    CUT_OFF("cut off from the cluster, connect again");

    private final String text;

    Ending(String text) {
        this.text = text;
    }

    /** What the client is told. */
    public String text() {
        return text;
    }
}
