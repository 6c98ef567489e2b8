package dev.rmb.gateway.session;

import dev.rmb.cluster.Origin;
import java.util.Arrays;

/**
 * Which records a session was given, of each writer: as these come in sequence, whatever way they
 * take, the highest of each is enough (delivery.md, 13 and 23). Not thread-safe.
 *
 * <p>Writers are gateways that sent something to this session. Beyond a bound the one that was
 * silent for longest is forgotten; what it wrote is in the log by then, and told by its offset.
 */
final class WrittenOrigins {
    static final int MAX_WRITERS = 64;

    private static final long[] NONE = {};

    private long[] writers = NONE;
    private long[] sequences = NONE;
    private int count;

    /** Returns {@code false} if the session was given that record before. */
    boolean add(Origin origin) {
        int at = indexOf(origin.writer());
        if (at < 0) {
            add(origin.writer(), origin.sequence());
            return true;
        }
        if (origin.sequence() <= sequences[at]) {
            return false;
        }
        toEnd(at);
        sequences[count - 1] = origin.sequence();
        return true;
    }

    /** The last one heard of is the likeliest. */
    private int indexOf(long writer) {
        for (int i = count - 1; i >= 0; i--) {
            if (writers[i] == writer) {
                return i;
            }
        }
        return -1;
    }

    private void add(long writer, long sequence) {
        if (count == MAX_WRITERS) {
            toEnd(0);
            count--;
        } else if (count == writers.length) {
            int capacity = Math.clamp(2L * count, 2, MAX_WRITERS);
            writers = Arrays.copyOf(writers, capacity);
            sequences = Arrays.copyOf(sequences, capacity);
        }
        writers[count] = writer;
        sequences[count] = sequence;
        count++;
    }

    private void toEnd(int at) {
        long writer = writers[at];
        long sequence = sequences[at];
        int behind = count - 1 - at;
        System.arraycopy(writers, at + 1, writers, at, behind);
        System.arraycopy(sequences, at + 1, sequences, at, behind);
        writers[count - 1] = writer;
        sequences[count - 1] = sequence;
    }
}
