package dev.rmb.router.federation;

/** How often something failed lately. Not thread-safe. */
final class Failures {
    private static final int SLOTS = 60;

    private final int[] counts = new int[SLOTS];
    private final long slotMs;

    /** Of the newest slot, counted since the beginning of time. */
    private long newest;

    private int sum;

    Failures(long lookBackMs) {
        slotMs = Math.max(1, lookBackMs / SLOTS);
    }

    void add(long nowMs) {
        advance(nowMs);
        counts[(int) (newest % SLOTS)]++;
        sum++;
    }

    int lately(long nowMs) {
        advance(nowMs);
        return sum;
    }

    void clear() {
        java.util.Arrays.fill(counts, 0);
        sum = 0;
    }

    private void advance(long nowMs) {
        long slot = nowMs / slotMs;
        if (slot - newest >= SLOTS) {
            clear();
            newest = slot;
        }
        while (newest < slot) {
            newest++;
            int at = (int) (newest % SLOTS);
            sum -= counts[at];
            counts[at] = 0;
        }
    }
}
