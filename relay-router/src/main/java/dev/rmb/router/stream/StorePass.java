package dev.rmb.router.stream;

import java.util.HashSet;
import java.util.Set;

/**
 * How much the partitions of one stream thread store before it can commit: each has its turn, and
 * then it can. A transaction that the brokers do not take in three seconds is lost.
 */
final class StorePass {
    /** A second's worth of slow brokers. */
    private static final long BYTES = 16L << 20;

    private final Set<Integer> partitions = new HashSet<>();
    private Set<Integer> first = Set.of();
    private Set<Integer> waiting = new HashSet<>();
    private long stored;

    /** The partition's turn begins; returns how many bytes it may store. */
    long begin(int partition) {
        if (!partitions.add(partition)) {
            first = waiting;
            waiting = new HashSet<>();
            // A partition that was given up waits for nothing.
            first.retainAll(partitions);
            partitions.clear();
            partitions.add(partition);
            stored = 0;
        }
        boolean mayStore = first.isEmpty() || first.contains(partition);
        long left = mayStore ? Math.max(0, BYTES - stored) : 0;
        if (left == 0) {
            waiting.add(partition);
        }
        return left;
    }

    /** What was stored since the last time. */
    void stored(long bytes) {
        stored += bytes;
    }
}
