package dev.rmb.router.dispatch;

/** When the next message in a mailbox may expire. */
final class Deadlines {
    private long nextMs = Long.MAX_VALUE;

    /** A message stands in a mailbox, and is not in flight. */
    void heard(long deadlineMs) {
        nextMs = Math.min(nextMs, deadlineMs);
    }

    /** All that is there is about to be heard again. */
    void forget() {
        nextMs = Long.MAX_VALUE;
    }

    boolean isReached(long wallMs) {
        return nextMs <= wallMs;
    }
}
