package dev.rmb.router.federation;

/** Time, as the thread of federation has it. */
interface Timer {
    /** Never goes back, and means nothing elsewhere. */
    long nowMs();

    /** Runs it later, on the thread of federation. */
    void after(long delayMs, Runnable task);
}
