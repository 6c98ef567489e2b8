package dev.rmb.server.metrics;

/**
 * Picks the messages that are measured: the first of each millisecond. When little comes that is
 * all of them, and when much comes measuring costs no more than a comparison for each. For one
 * thread.
 */
public final class Sampling {
    private long lastMs = Long.MIN_VALUE;

    /**
     * Whether this one is measured.
     *
     * @param nowMs of any clock, however coarse
     */
    public boolean picks(long nowMs) {
        if (nowMs == lastMs) {
            return false;
        }
        lastMs = nowMs;
        return true;
    }
}
