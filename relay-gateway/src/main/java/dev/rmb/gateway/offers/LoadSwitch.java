package dev.rmb.gateway.offers;

/**
 * Whether the load is low enough for offers, told by how many envelopes an event loop's turn
 * brings: what comes in large turns makes large batches by itself. Pure; not thread-safe.
 *
 * <p>It does not swing: it turns off after some windows above the bound only, on after a longer
 * time far below it, and that time doubles whenever it was on for a short while.
 */
final class LoadSwitch {
    static final long WINDOW_MS = 50;

    /** Windows above the bound before it turns off. */
    static final int HIGH_WINDOWS = 2;

    /** It comes back at this part of the bound. */
    static final int LOW_PART = 4;

    static final long MIN_CALM_MS = 500;
    static final long MAX_CALM_MS = 16_000;

    /** On for so long, it starts afresh. */
    static final long STEADY_MS = 10_000;

    private final int perTurn;
    private boolean on = true;
    private long windowMs;
    private long turns;
    private long envelopes;
    private int highWindows;
    private long calmSinceMs;
    private long calmMs = MIN_CALM_MS;
    private long switchedMs;

    /**
     * @param perTurn bound of the envelopes in a turn, in the mean
     */
    LoadSwitch(int perTurn, long nowMs) {
        this.perTurn = perTurn;
        this.windowMs = nowMs;
        this.switchedMs = nowMs - STEADY_MS;
    }

    boolean isOn() {
        return on;
    }

    /**
     * A turn ended.
     *
     * @return whether that turned it on or off
     */
    boolean turn(int count, long nowMs) {
        turns++;
        envelopes += count;
        if (nowMs - windowMs < WINDOW_MS) {
            return false;
        }
        long idleMs = nowMs - windowMs - WINDOW_MS;
        long mean = envelopes / turns;
        turns = 0;
        envelopes = 0;
        windowMs = nowMs;
        boolean before = on;
        if (on) {
            highWindows = mean >= perTurn ? highWindows + 1 : 0;
            if (highWindows >= HIGH_WINDOWS) {
                turnOff(nowMs);
            }
        } else if (mean > perTurn / LOW_PART && idleMs < calmMs) {
            calmSinceMs = nowMs;
        } else if (nowMs - calmSinceMs >= calmMs) {
            on = true;
            highWindows = 0;
            switchedMs = nowMs;
        }
        return on != before;
    }

    private void turnOff(long nowMs) {
        calmMs = nowMs - switchedMs >= STEADY_MS ? MIN_CALM_MS : Math.min(2 * calmMs, MAX_CALM_MS);
        on = false;
        calmSinceMs = nowMs;
        switchedMs = nowMs;
    }
}
