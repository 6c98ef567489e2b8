package dev.rmb.router.dispatch;

/** What the twin directory says of a destination that is not connected. */
public enum Standing {
    /** No such twin. */
    UNKNOWN,
    /** The twin is known, but no relay is set for it. */
    NO_RELAY,
    /** One of the twin's relays is this one. */
    OURS,
    /** All of the twin's relays are others. */
    ELSEWHERE
}
