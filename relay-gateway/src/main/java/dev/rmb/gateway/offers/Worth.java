package dev.rmb.gateway.offers;

/**
 * Whether the owner of a partition takes what it is offered. If it mostly does, records may linger;
 * if it hardly does, for a mailbox that is not empty or a writer that waits for the log, nothing is
 * offered for a while. Pure; not thread-safe.
 */
final class Worth {
    /** So many offers are judged together, or what came in a window. */
    static final int SAMPLE = 32;

    static final long WINDOW_MS = 100;

    /** Of ten offers, so many must be taken for records to begin to linger. */
    static final int GOOD = 9;

    /** With fewer they stop to. */
    static final int BAD = 6;

    /** Samples of which hardly any was taken, before there is a pause. */
    static final int USELESS_SAMPLES = 5;

    static final long MIN_PAUSE_MS = 200;
    static final long MAX_PAUSE_MS = 12_800;

    /** Nothing was heard of offers for so long: nothing lingers. */
    static final long SILENT_MS = 500;

    private int taken;
    private int left;
    private long sampleMs;
    private int useless;
    private long pauseMs = MIN_PAUSE_MS;
    private long pausedUntilMs = Long.MIN_VALUE;
    private boolean lingers;
    private long heardMs;

    /** What became of some offers. */
    void seen(int moreTaken, int moreLeft, long nowMs) {
        if (taken + left == 0) {
            sampleMs = nowMs;
        }
        taken += moreTaken;
        left += moreLeft;
        if (moreTaken > 0) {
            heardMs = nowMs;
        }
        if (taken + left >= SAMPLE || nowMs - sampleMs >= WINDOW_MS) {
            judge(nowMs);
        }
    }

    boolean mayOffer(long nowMs) {
        return nowMs >= pausedUntilMs;
    }

    boolean lingers(long nowMs) {
        return lingers && nowMs - heardMs < SILENT_MS && mayOffer(nowMs);
    }

    private void judge(long nowMs) {
        int all = taken + left;
        if (taken * 10 >= all * GOOD) {
            lingers = true;
        } else if (taken * 10 < all * BAD) {
            lingers = false;
        }
        if (taken * 10 > all) {
            useless = 0;
            pauseMs = MIN_PAUSE_MS;
        } else if (++useless >= USELESS_SAMPLES) {
            useless = 0;
            pausedUntilMs = nowMs + pauseMs;
            pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
        }
        taken = 0;
        left = 0;
    }
}
