package dev.rmb.router.dispatch;

/** What became of a message that was to go to another relay. See docs/federation.md. */
public enum Posted {
    /** A relay of the twin has it, and has promised to keep it. */
    ACCEPTED,
    /** A relay of the twin says that the destination is offline. */
    OFFLINE,
    /** A relay of the twin says that the twin is none of its own. */
    NOT_THERE,
    /** A relay of the twin will never take it. */
    REFUSED,
    /** None of the twin's relays can be one. */
    NO_USABLE_RELAY,
    /** None of them answered as a relay does, however often they were tried: later perhaps. */
    FAILED,
    /** It was not tried: this process stops, or a relay had no room for more. */
    NOT_TRIED
}
