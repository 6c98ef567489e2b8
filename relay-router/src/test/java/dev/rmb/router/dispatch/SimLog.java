package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Seams;
import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The simulation's Kafka: the log, the claims, and what the partition's owner has committed. */
final class SimLog {
    /** A message, in the log or on its way there. */
    static final class Entry {
        private final String address;
        private final boolean isRequest;
        private final boolean isFailFast;
        private final boolean isKnown;
        private final long lifetimeMs;
        private final byte[] key;
        private final byte[] value;

        /** Whose it is. */
        final SimSender sender;

        /** Among what that session sent. */
        final long order;

        /** Which record it is; {@code null} if that does not say. */
        final @Nullable Origin origin;

        long loggedAt = Long.MAX_VALUE;

        /** Negative before it is in the log. */
        long place = -1;

        private long appendTimeMs;

        /** It went out beside the log. */
        boolean wasOffered;

        /**
         * @param isKnown its twin is one of this relay's
         */
        Entry(
                String address,
                boolean isRequest,
                boolean isFailFast,
                boolean isKnown,
                long lifetimeMs,
                byte[] key,
                byte[] value,
                SimSender sender,
                @Nullable Origin origin) {
            this.address = address;
            this.isRequest = isRequest;
            this.isFailFast = isFailFast;
            this.isKnown = isKnown;
            this.lifetimeMs = lifetimeMs;
            this.key = key;
            this.value = value;
            this.sender = sender;
            this.order = ++sender.sent;
            this.origin = origin;
        }

        String address() {
            return address;
        }

        boolean isRequest() {
            return isRequest;
        }

        boolean isFailFast() {
            return isFailFast;
        }

        boolean isKnown() {
            return isKnown;
        }

        byte[] key() {
            return key;
        }

        byte[] value() {
            return value;
        }

        byte[] header() {
            return new RecordHeader(RecordHeader.Kind.PEER, 1_000_000, origin).encode();
        }

        long appendTimeMs() {
            return appendTimeMs;
        }

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

        /**
         * Whether the order of the two is promised: within a session always, across sessions of a
         * client for what was in the log before the later one sent anything (delivery.md, 16 and
         * 22).
         */
        boolean mustPrecede(Entry other) {
            return sender == other.sender ? order < other.order : loggedAt < other.sender.firstAt;
        }

        @Override
        public String toString() {
            return "message %d of client %d to %s (%s, at %d)"
                    .formatted(order, sender.client, address, origin, place);
        }
    }

    /** A claim's epoch is its place in the list. */
    final List<SimOwner> claims = new ArrayList<>();

    /** All that was ever appended, by place. */
    final List<Entry> entries = new ArrayList<>();

    /** Places of what was cut off. */
    final Set<Long> lost = new HashSet<>();

    /** What was offered, by which record it is or would have been. */
    final Map<Origin, Entry> sent = new HashMap<>();

    /** What a living client has read. */
    final Set<Entry> received = new HashSet<>();

    /** What a gateway knows to be read. */
    final Set<Entry> confirmed = new HashSet<>();

    /** Offsets that another relay has accepted. */
    final Set<Long> federated = new HashSet<>();

    /** Offsets whose requesters have their answer. */
    final Set<Long> answered = new HashSet<>();

    /** Offsets that some owner decided not to deliver, whether or not that was committed. */
    final Set<Long> decided = new HashSet<>();

    /** The same, committed. */
    final Set<Long> decidedForGood = new HashSet<>();

    /** Whose acknowledgement an owner has heard of and committed. */
    final Set<Entry> acknowledgedForGood = new HashSet<>();

    /** The log itself: the places of its records. */
    private final List<Long> records = new ArrayList<>();

    /** Counts what happens one after the other. */
    private long moments;

    private Seams seams = Seams.none();
    private TreeKeyValues store = new TreeKeyValues();
    private long committed;
    private @Nullable SimOwner writer;

    /** Somebody is about to send something. */
    void sends(SimSender sender) {
        if (sender.firstAt == 0) {
            sender.firstAt = ++moments;
        }
    }

    void append(Entry entry, long nowMs) {
        entry.place = entries.size();
        entry.appendTimeMs = nowMs;
        entry.loggedAt = ++moments;
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
