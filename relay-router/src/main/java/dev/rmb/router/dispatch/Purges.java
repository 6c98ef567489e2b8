package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.Mailbox;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.MessageScan;
import dev.rmb.router.mailbox.StoredMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Empties mailboxes for operators, a share at a time. Each message goes as an expired one does:
 * whoever asked something is told. What is on its way to a client, or came after the wish, stays.
 */
final class Purges {
    /** Messages and bytes that are read before anything else has its turn. */
    private static final int SHARE = 256;

    private static final long SHARE_BYTES = 1 << 20;

    /** Wishes that wait; nobody has so many at once. */
    private static final int MAX_WAITING = 64;

    private final Mailboxes mailboxes;
    private final Twins twins;
    private final Room room;
    private final Offline offline;
    private final Refusals refusals;
    private final Counts counts;
    private final ArrayDeque<Purge> waiting = new ArrayDeque<>();

    private static final class Purge {
        final Address address;
        final long end;
        final Consumer<Purged> then;
        long next;
        long messages;
        long bytes;
        long kept;

        Purge(Address address, long end, Consumer<Purged> then) {
            this.address = address;
            this.end = end;
            this.then = then;
        }
    }

    private record Found(long offset, StoredMessage message) {}

    Purges(
            Mailboxes mailboxes,
            Twins twins,
            Room room,
            Offline offline,
            Refusals refusals,
            Counts counts) {
        this.mailboxes = mailboxes;
        this.twins = twins;
        this.room = room;
        this.offline = offline;
        this.refusals = refusals;
        this.counts = counts;
    }

    /**
     * Empties a mailbox soon.
     *
     * @param end what lies there or behind stays
     * @param then is told when it is done; never if this owner ends before
     * @return {@code false} if too many wishes wait
     */
    boolean add(Address address, long end, Consumer<Purged> then) {
        return waiting.size() < MAX_WAITING && waiting.add(new Purge(address, end, then));
    }

    /**
     * Goes on.
     *
     * @return whether there is more that could be done now
     */
    boolean work() {
        Purge purge = waiting.peek();
        // Until it is known who is connected, anything may be on its way to somebody.
        if (purge == null || !offline.isSettled()) {
            return false;
        }
        if (share(purge)) {
            waiting.poll();
            purge.then.accept(new Purged(purge.messages, purge.bytes, purge.kept));
        }
        return !waiting.isEmpty();
    }

    /** Whether that was all. */
    private boolean share(Purge purge) {
        @Nullable AddressQueue queue = twins.known(purge.address);
        Mailbox mailbox = queue == null ? mailboxes.of(purge.address) : queue.mailbox;
        List<Found> found = new ArrayList<>();
        boolean all = true;
        try (MessageScan scan = mailbox.scan(purge.next)) {
            int read = 0;
            long bytes = 0;
            while (scan.next() && scan.offset() < purge.end) {
                if (read == SHARE || bytes >= SHARE_BYTES) {
                    all = false;
                    break;
                }
                read++;
                bytes += scan.size();
                purge.next = scan.offset() + 1;
                if (queue != null && queue.isUnderWay(scan.offset())) {
                    purge.kept++;
                } else {
                    found.add(new Found(scan.offset(), scan.message()));
                }
            }
        }
        for (Found f : found) {
            remove(purge, queue, mailbox, f);
        }
        return all;
    }

    private void remove(Purge purge, @Nullable AddressQueue queue, Mailbox mailbox, Found found) {
        int size = found.message().envelope().length;
        mailbox.delete(found.offset(), size);
        if (queue != null) {
            room.release(queue, size);
        }
        counts.deleted++;
        purge.messages++;
        purge.bytes += size;
        refusals.refuse(
                found.offset(), EnvelopeHeader.scan(found.message().envelope()), Reason.PURGED);
    }
}
