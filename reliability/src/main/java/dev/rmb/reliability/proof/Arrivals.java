package dev.rmb.reliability.proof;

import java.util.ArrayList;
import java.util.List;

/** The sessions of one receiving address, numbered 1, 2, 3 … Belongs to the proof's thread. */
public final class Arrivals {
    private static final long OPEN = Long.MAX_VALUE;

    private final List<Long> ends = new ArrayList<>();

    /**
     * A session begins; the one before has ended.
     *
     * @return its number
     */
    public int begin() {
        ends.add(OPEN);
        return ends.size();
    }

    /** The session ended at this time of the run. */
    public void end(int session, long now) {
        ends.set(session - 1, Math.min(ends.get(session - 1), now));
    }

    long end(int session) {
        return ends.get(session - 1);
    }
}
