package dev.rmb.gateway.edge;

import java.util.Arrays;

/**
 * Which marks a client confirms that counts the envelopes it gets, 1, 2, 3 …, whatever they are,
 * and says how many it has. Holds what was delivered and not confirmed: the owner's window bounds
 * that. Pure; not thread-safe.
 */
public final class Unconfirmed {
    /** What a client's count says. */
    public static final long NOTHING_NEW = -1;

    /** It counts more than there were. */
    public static final long IMPOSSIBLE = -2;

    private static final int FIRST = 8;
    private static final int EMPTY_AGAIN = 256;

    private long written;

    /** A ring of pairs: the number of an envelope, and its mark. */
    private long[] ring = new long[FIRST];

    private int head;
    private int pairs;

    /** An envelope is written. */
    public void written() {
        written++;
    }

    /** The envelope that was written last is a delivery with this mark. */
    public void delivered(long mark) {
        if (2 * pairs == ring.length) {
            grow();
        }
        int at = slot(pairs++);
        ring[at] = written;
        ring[at + 1] = mark;
    }

    /**
     * The mark of the last unconfirmed delivery becomes this one.
     *
     * @return {@code false} if there is none
     */
    public boolean remark(long mark) {
        if (pairs == 0) {
            return false;
        }
        ring[slot(pairs - 1) + 1] = mark;
        return true;
    }

    /**
     * The client has so many envelopes.
     *
     * @return the mark that it confirms, {@link #NOTHING_NEW} or {@link #IMPOSSIBLE}
     */
    public long confirmed(long count) {
        if (count < 0 || count > written) {
            return IMPOSSIBLE;
        }
        long mark = NOTHING_NEW;
        while (pairs > 0 && ring[head] <= count) {
            mark = ring[head + 1];
            head = slot(1);
            pairs--;
        }
        if (pairs == 0 && ring.length > EMPTY_AGAIN) {
            ring = new long[FIRST];
            head = 0;
        }
        return mark;
    }

    private int slot(int pair) {
        return (head + 2 * pair) % ring.length;
    }

    private void grow() {
        long[] larger = Arrays.copyOf(ring, 2 * ring.length);
        // What wrapped around comes behind the rest.
        System.arraycopy(ring, head, larger, 0, ring.length - head);
        System.arraycopy(ring, 0, larger, ring.length - head, head);
        ring = larger;
        head = 0;
    }
}
