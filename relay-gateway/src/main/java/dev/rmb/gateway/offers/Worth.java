package dev.rmb.gateway.offers;

/**
 * Whether the owner of a partition takes what it is offered. While it mostly does, records may
 * linger; where it hardly does, because of a mailbox that is not empty or a writer that waits for
 * the log, nothing is offered for a while. Pure; not thread-safe.
 *
 * <p>It does not swing: what was bad must be good for longer each time, unless it was good for long
 * in between.
 */
final class Worth {
    /** What is heard within it is judged together. */
    static final long WINDOW_MS = 100;

    /** Of ten offers, so many must be taken for records to begin to linger. */
    static final int GOOD = 9;

    /** With fewer they stop to. */
    static final int BAD = 6;

    /** Windows in which hardly any was taken, before there is a pause. */
    static final int USELESS_WINDOWS = 3;

    static final long MIN_PAUSE_MS = 200;
    static final long MAX_PAUSE_MS = 12_800;

    /** Lingering for so long, it starts afresh. */
    static final long STEADY_MS = 10_000;

    /** Nothing was heard of offers for so long: nothing lingers. */
    static final long SILENT_MS = 500;

    private int taken;
    private int left;
    private long windowMs = Long.MIN_VALUE;
    private int useless;
    private long pauseMs = MIN_PAUSE_MS;
    private long pausedUntilMs = Long.MIN_VALUE;
    private boolean lingers;
    private long lingersSinceMs;

    /** How long it must be good before records linger. */
    private long provingMs;

    private long goodSinceMs;
    private boolean isGood;
    private long heardMs;

    /** What became of some offers. */
    void seen(int moreTaken, int moreLeft, long nowMs) {
        if (taken + left == 0) {
            windowMs = nowMs;
        }
        taken += moreTaken;
        left += moreLeft;
        if (moreTaken > 0) {
            heardMs = nowMs;
        }
        if (taken + left > 0 && nowMs - windowMs >= WINDOW_MS) {
            judge(nowMs);
            taken = 0;
            left = 0;
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
            good(nowMs);
        } else {
            isGood = false;
            if (taken * 10 < all * BAD && lingers) {
                lingers = false;
                provingMs =
                        nowMs - lingersSinceMs >= STEADY_MS
                                ? MIN_PAUSE_MS
                                : Math.clamp(2 * provingMs, MIN_PAUSE_MS, MAX_PAUSE_MS);
            }
        }
        if (taken * 10 > all) {
            useless = 0;
            pauseMs = MIN_PAUSE_MS;
        } else if (++useless >= USELESS_WINDOWS) {
            useless = 0;
            pausedUntilMs = nowMs + pauseMs;
            pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
        }
    }

    private void good(long nowMs) {
        if (!isGood) {
            isGood = true;
            goodSinceMs = windowMs;
        }
        if (!lingers && nowMs - goodSinceMs >= provingMs) {
            lingers = true;
            lingersSinceMs = nowMs;
        }
    }
}
