package dev.rmb.gateway.socket;

/** Why a connection may not stay. Ports say so in their own protocol. */
public enum Refusal {
    /** There are too many: in all, from there, or in this second. */
    TOO_MANY("too many connections"),
    /** Nothing is taken from there. */
    BANNED("banned");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** What the client is told. */
    public String text() {
        return text;
    }
}
