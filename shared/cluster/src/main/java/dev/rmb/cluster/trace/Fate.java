package dev.rmb.cluster.trace;

/** What a pod did with a message, or learned of it. */
public enum Fate {
    /** A gateway took it, and the log has it. */
    ACCEPTED,
    /** A gateway took it, and it never got into the log. */
    NOT_SENT,
    /** A gateway sent it into the log and was not told whether it got there. */
    UNCONFIRMED,
    /** A gateway did not take it. */
    TURNED_DOWN,
    /** Its destination has confirmed it. */
    ACKNOWLEDGED,
    /** Another relay has accepted it. */
    FEDERATED,
    /** Its owner will not deliver it; a requester is told. */
    REFUSED,
    /** Its owner will not deliver it, and nobody is told. */
    DROPPED;

    private static final Fate[] ALL = values();

    static Fate of(int ordinal) {
        return ALL[ordinal];
    }
}
