package dev.rmb.cluster.link;

/** Whether an address is connected, as the owner of its partition knows it. */
public enum Whereabouts {
    /** The owner cannot tell: it has just taken over, or somebody else has. */
    UNKNOWN,
    /** It has a session, on one of the gateways. */
    CONNECTED,
    /** It has none on any. */
    OFFLINE
}
