package dev.rmb.cluster.link;

/** What the owner of a partition tells a gateway, under its claim's epoch. */
public sealed interface RouterMessage {
    int partition();

    long epoch();

    long sessionId();

    /**
     * An envelope for a session.
     *
     * @param number 1, 2, 3 … for each session within one link and one claim
     * @param offset where the envelope stands in the log
     * @param envelope must not be changed by anybody
     */
    // Deliveries are never compared, and a copy of each envelope is what this avoids.
    @SuppressWarnings("ArrayRecordComponent")
    record Deliver(
            int partition, long epoch, long sessionId, long number, long offset, byte[] envelope)
            implements RouterMessage {}

    /** A newer session has the address; this one must be closed. */
    record Evict(int partition, long epoch, long sessionId) implements RouterMessage {}
}
