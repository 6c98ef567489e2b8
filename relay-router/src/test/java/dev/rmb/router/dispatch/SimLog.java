package dev.rmb.router.dispatch;

import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The simulation's Kafka: the log, the claims, and what the partition's owner has committed. */
final class SimLog {
    /** What the owner must do with a message. */
    enum Fate {
        /** Reach a client. */
        DELIVERED,
        /** Reach a client, or be answered. */
        DELIVERED_OR_REFUSED,
        /** Reach a client, or nobody. */
        DELIVERED_OR_DROPPED
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String address, Fate fate, long appendTimeMs, byte[] key, byte[] value) {}

    /** A claim's epoch is its place in the list. */
    final List<SimOwner> claims = new ArrayList<>();

    final List<Entry> entries = new ArrayList<>();

    /** Offsets that a living client has read. */
    final Set<Long> received = new HashSet<>();

    /** Offsets that a gateway knows to be read. */
    final Set<Long> confirmed = new HashSet<>();

    /** Offsets whose requesters have their answer. */
    final Set<Long> answered = new HashSet<>();

    private TreeKeyValues store = new TreeKeyValues();
    private long committed;

    TreeKeyValues committedStore() {
        return store.copy();
    }

    long committedOffset() {
        return committed;
    }

    /** Offsets, mailboxes and watermark change in one step. */
    void commit(TreeKeyValues written, long offset) {
        store = written.copy();
        committed = offset;
    }
}
