package dev.rmb.bench.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * Follows the numbers 0, 1, 2 … of one sender at one receiver, and tells what got lost, came twice
 * or out of order. Belongs to one thread.
 */
public final class SequenceCheck {
    /** Gaps remembered at a time; a number from a gap beyond them counts as a duplicate. */
    static final int MAX_GAPS = 10_000;

    /** Missing numbers, as first → last of each gap. */
    private final TreeMap<Long, Long> gaps = new TreeMap<>();

    private long expected;
    private long received;
    private long duplicated;
    private long reordered;

    /** Takes the next number that arrived. */
    public void arrived(long number) {
        if (number == expected) {
            expected++;
            received++;
        } else if (number > expected) {
            skipTo(number);
        } else {
            late(number);
        }
    }

    private void skipTo(long number) {
        if (gaps.size() < MAX_GAPS) {
            gaps.put(expected, number - 1);
        }
        expected = number + 1;
        received++;
    }

    private void late(long number) {
        Map.Entry<Long, Long> gap = gaps.floorEntry(number);
        if (gap == null || number > gap.getValue()) {
            duplicated++;
            return;
        }
        gaps.remove(gap.getKey());
        if (gap.getKey() < number) {
            gaps.put(gap.getKey(), number - 1);
        }
        if (number < gap.getValue()) {
            gaps.put(number + 1, gap.getValue());
        }
        received++;
        reordered++;
    }

    /** The numbers that arrived at least once. */
    public long received() {
        return received;
    }

    /** Arrivals of a number that had arrived before. */
    public long duplicated() {
        return duplicated;
    }

    /** Numbers that arrived after a higher one. */
    public long reordered() {
        return reordered;
    }

    /**
     * The numbers that never arrived.
     *
     * @param sent how many were sent
     */
    public long lost(long sent) {
        return sent - received;
    }
}
