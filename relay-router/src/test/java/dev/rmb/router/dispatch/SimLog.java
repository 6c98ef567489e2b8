package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Seams;
import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The simulation's Kafka: the log, the claims, and what the partition's owner has committed. */
final class SimLog {
    /**
     * A message in the log.
     *
     * @param isKnown its twin is one of this relay's
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(
            String address,
            boolean isRequest,
            boolean isFailFast,
            boolean isKnown,
            long lifetimeMs,
            long appendTimeMs,
            byte[] key,
            byte[] value) {
        boolean mayNotWait() {
            return lifetimeMs == 0;
        }

        /** Its twin lives on another relay. */
        boolean isElsewhere() {
            return Address.parse(address).twin() == Simulation.ELSEWHERE;
        }

        long deadlineMs() {
            return appendTimeMs + lifetimeMs;
        }
    }

    /** A claim's epoch is its place in the list. */
    final List<SimOwner> claims = new ArrayList<>();

    /** All that was ever appended, by place. */
    final List<Entry> entries = new ArrayList<>();

    /** Places of what was cut off. */
    final Set<Long> lost = new HashSet<>();

    /** Offsets that a living client has read. */
    final Set<Long> received = new HashSet<>();

    /** Offsets that another relay has accepted. */
    final Set<Long> federated = new HashSet<>();

    /** Offsets that a gateway knows to be read. */
    final Set<Long> confirmed = new HashSet<>();

    /** Offsets whose requesters have their answer. */
    final Set<Long> answered = new HashSet<>();

    /** Offsets that some owner decided not to deliver, whether or not that was committed. */
    final Set<Long> decided = new HashSet<>();

    /** The same, committed. */
    final Set<Long> decidedForGood = new HashSet<>();

    /** Offsets whose acknowledgement an owner has heard of and committed. */
    final Set<Long> acknowledgedForGood = new HashSet<>();

    /** The log itself: the places of its records. */
    private final List<Long> records = new ArrayList<>();

    private Seams seams = Seams.none();
    private TreeKeyValues store = new TreeKeyValues();
    private long committed;
    private @Nullable SimOwner writer;

    void append(Entry entry) {
        records.add((long) entries.size());
        entries.add(entry);
    }

    /** A broker loses what it had not written; the next records get the same offsets. */
    void cut(int offset) {
        if (offset < records.size()) {
            List<Long> tail = records.subList(offset, records.size());
            lost.addAll(tail);
            tail.clear();
            seams = seams.cut(offset, entries.size());
        }
    }

    /** As whoever opens the partition finds them. */
    Seams seams() {
        return seams;
    }

    /** Behind its last record. */
    int end() {
        return records.size();
    }

    /** What the log has there. */
    Entry at(long offset) {
        return entries.get((int) (long) records.get((int) offset));
    }

    TreeKeyValues committedStore() {
        return store.copy();
    }

    long committedOffset() {
        return committed;
    }

    /** From now on nobody else commits. */
    void fence(SimOwner owner) {
        writer = owner;
    }

    /**
     * Offsets, mailboxes and watermark change in one step.
     *
     * @return whether they do: who was fenced changes nothing
     */
    boolean commit(SimOwner owner, long offset) {
        if (owner != writer) {
            return false;
        }
        store = owner.store.entries().copy();
        committed = offset;
        decidedForGood.addAll(owner.decided);
        acknowledgedForGood.addAll(owner.acknowledged);
        return true;
    }
}
