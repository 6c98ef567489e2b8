package dev.rmb.gateway.offers;

import java.util.Arrays;

/**
 * A client session as a source of envelopes, and the first record that it wrote to each partition:
 * none of its offers is taken before that has come back (delivery.md, 22). Confined to the
 * session's loop.
 */
public final class Sender {
    private static final int[] NO_PARTITIONS = {};
    private static final long[] NO_FIRSTS = {};

    private final Turn turn;
    private int[] partitions = NO_PARTITIONS;
    private long[] firsts = NO_FIRSTS;
    private int count;

    public Sender(Turn turn) {
        this.turn = turn;
    }

    /** Of its event loop. */
    public Turn turn() {
        return turn;
    }

    /**
     * The sequence of its first record in a partition.
     *
     * @param sequence of the record that is being written, which may be that
     */
    public long first(int partition, long sequence) {
        for (int i = 0; i < count; i++) {
            if (partitions[i] == partition) {
                return firsts[i];
            }
        }
        if (count == partitions.length) {
            int capacity = Math.max(2, 2 * count);
            partitions = Arrays.copyOf(partitions, capacity);
            firsts = Arrays.copyOf(firsts, capacity);
        }
        partitions[count] = partition;
        firsts[count] = sequence;
        count++;
        return sequence;
    }
}
