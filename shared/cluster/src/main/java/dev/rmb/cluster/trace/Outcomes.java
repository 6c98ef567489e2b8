package dev.rmb.cluster.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The last outcomes that a pod has seen: a ring that anybody may write to and read, without locks.
 * To note one allocates nothing and costs a few nanoseconds. What is written while it is read is
 * left out; so is what a writer that stood still for a whole round of the ring has spoilt.
 */
public final class Outcomes {
    /** At least 100,000. */
    static final int CAPACITY = 1 << 17;

    /** What a message that is not in the log has as its offset. */
    public static final long NOWHERE = -1;

    private static final VarHandle STAMPS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int STAMP = 0;
    private static final int AT = 1;
    private static final int DESTINATION = 2;
    private static final int SUBJECT = 3;
    private static final int OFFSET = 4;
    private static final int WORDS = 5;

    private static final int FATE_BITS = 8;
    private static final int TWIN_BITS = 32;
    private static final long TWIN_MASK = (1L << TWIN_BITS) - 1;
    private static final long WRITING = 0;

    private final AtomicLong next = new AtomicLong();
    private final long[] words;
    private final int capacity;

    public Outcomes() {
        this(CAPACITY);
    }

    Outcomes(int capacity) {
        this.capacity = capacity;
        this.words = new long[capacity * WORDS];
    }

    /**
     * One outcome.
     *
     * @param atMs milliseconds since the epoch
     * @param twin of its destination; 0 where nobody noted it
     * @param subject what a gateway notes is the hash of the uid, what an owner notes is the
     *     session or the number of the reason
     * @param offset in the log; {@link #NOWHERE} if it is not there
     */
    public record Outcome(
            Fate fate, long atMs, int partition, long twin, long subject, long offset) {}

    /** Notes an outcome; see {@link Outcome}. On any thread. */
    @SuppressWarnings("EnumOrdinal") // never leaves this process
    public void note(Fate fate, long atMs, int partition, long twin, long subject, long offset) {
        long number = next.getAndIncrement();
        int at = (int) (number & (capacity - 1)) * WORDS;
        STAMPS.setOpaque(words, at + STAMP, WRITING);
        VarHandle.storeStoreFence();
        words[at + AT] = atMs << FATE_BITS | fate.ordinal();
        words[at + DESTINATION] = (long) partition << TWIN_BITS | twin;
        words[at + SUBJECT] = subject;
        words[at + OFFSET] = offset;
        STAMPS.setRelease(words, at + STAMP, number + 1);
    }

    /** How many were ever noted. */
    public long count() {
        return next.get();
    }

    /** What gateways noted of messages to that twin whose uid has that hash; the oldest first. */
    public List<Outcome> ofUid(long uidHash, long twin) {
        return find((destination, subject, _) ->
                subject == uidHash && (destination & TWIN_MASK) == twin && twin != 0);
    }

    /** What owners and gateways noted of the message at that place; the oldest first. */
    public List<Outcome> ofOffset(int partition, long offset) {
        return find((destination, _, at) ->
                at == offset && destination >>> TWIN_BITS == partition && at != NOWHERE);
    }

    private interface Filter {
        boolean matches(long destination, long subject, long offset);
    }

    private List<Outcome> find(Filter filter) {
        List<Outcome> found = new ArrayList<>();
        long end = next.get();
        for (long number = Math.max(0, end - capacity); number < end; number++) {
            int at = (int) (number & (capacity - 1)) * WORDS;
            long before = (long) STAMPS.getAcquire(words, at + STAMP);
            long when = words[at + AT];
            long destination = words[at + DESTINATION];
            long subject = words[at + SUBJECT];
            long offset = words[at + OFFSET];
            VarHandle.loadLoadFence();
            long after = (long) STAMPS.getOpaque(words, at + STAMP);
            if (before == number + 1
                    && before == after
                    && filter.matches(destination, subject, offset)) {
                found.add(
                        new Outcome(
                                Fate.of((int) (when & ((1 << FATE_BITS) - 1))),
                                when >> FATE_BITS,
                                (int) (destination >>> TWIN_BITS),
                                destination & TWIN_MASK,
                                subject,
                                offset));
            }
        }
        return found;
    }
}
