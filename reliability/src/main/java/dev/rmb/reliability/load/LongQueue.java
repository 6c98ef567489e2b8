package dev.rmb.reliability.load;

import java.util.Arrays;

/** A queue of numbers that grows, and tells how many ever left it. Belongs to one thread. */
final class LongQueue {
    private static final int FIRST = 8;

    private long[] ring = new long[FIRST];
    private long head;
    private long tail;

    void add(long value) {
        if (size() == ring.length) {
            grow();
        }
        ring[(int) (tail % ring.length)] = value;
        tail++;
    }

    private void grow() {
        long[] larger = new long[2 * ring.length];
        for (long i = head; i < tail; i++) {
            larger[(int) (i % larger.length)] = ring[(int) (i % ring.length)];
        }
        ring = larger;
    }

    long remove() {
        long value = ring[(int) (head % ring.length)];
        head++;
        return value;
    }

    int size() {
        return (int) (tail - head);
    }

    /** How many ever left. */
    long removed() {
        return head;
    }

    /** How many ever came. */
    long added() {
        return tail;
    }

    /** Forgets what is in it. */
    void clear() {
        head = tail;
        if (ring.length > FIRST) {
            ring = Arrays.copyOf(ring, FIRST);
        }
    }
}
