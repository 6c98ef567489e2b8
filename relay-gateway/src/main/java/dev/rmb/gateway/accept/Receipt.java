package dev.rmb.gateway.accept;

/** Waits for what becomes of one envelope. */
@FunctionalInterface
public interface Receipt {
    /** How it ended. */
    enum Outcome {
        /** All in-sync replicas have it. */
        ACCEPTED,
        /** It was refused before it was sent: it is not in the log and never will be. */
        NOT_SENT,
        /** It was sent and not confirmed in time: it may be in the log, now or later. */
        UNCONFIRMED
    }

    /**
     * It is in the log, at this place; called instead of {@link #ended}.
     *
     * @param acceptedMs when the log took it, by the brokers' clock
     */
    default void accepted(int partition, long offset, long acceptedMs) {
        ended(Outcome.ACCEPTED);
    }

    /** Called once, on any thread, perhaps before the call that sent the envelope returns. */
    void ended(Outcome outcome);
}
