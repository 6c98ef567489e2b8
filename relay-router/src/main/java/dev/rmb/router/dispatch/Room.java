package dev.rmb.router.dispatch;

import dev.rmb.router.mailbox.Mailbox;
import dev.rmb.router.mailbox.Mailboxes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much waits for each address and each twin, and whether there is room for more (delivery.md,
 * 7).
 *
 * <p>A twin is counted when that is first needed: its mailboxes are read once, and from then on the
 * numbers follow every message. They are kept while they are worth more than {@link #FEW} messages,
 * even if nothing else of the twin is in memory, so that nothing large is read twice. The store
 * itself holds no numbers: they would cost a write for each message.
 */
final class Room {
    /** Reading so many again is cheaper than keeping their number. */
    static final int FEW = 64;

    private static final long FEW_BYTES = 1 << 20;

    private final DispatchSettings settings;
    private final Mailboxes mailboxes;

    Room(DispatchSettings settings, Mailboxes mailboxes) {
        this.settings = settings;
        this.mailboxes = mailboxes;
    }

    static boolean isLittle(long messages, long bytes) {
        return messages <= FEW && bytes <= FEW_BYTES;
    }

    /**
     * Whether a message of {@code size} bytes may be taken for {@code queue}. The bounds of twin
     * and partition are for those that are away or do not keep up: anybody can write to names that
     * nobody uses, and must not silence with that the clients who are there, whose number the
     * gateways bound.
     */
    boolean isFor(AddressQueue queue, int size) {
        TwinQueues twin = queue.twin;
        if (!twin.isCounted) {
            count(twin, mailboxes.depths(twin.twin, Long.MAX_VALUE));
        }
        MailboxLimits limits = settings.limits().get();
        if (queue.messages >= limits.addressMessages()
                || queue.bytes + size > limits.addressBytes()) {
            return false;
        }
        return keepsUp(queue, size)
                || (twin.messages < limits.messages()
                        && twin.bytes + size <= limits.bytes()
                        && (queue.messages > 0
                                || queue.session != null
                                || twin.addresses < limits.addresses())
                        && !isPartitionFull(size, limits));
    }

    /** Whether the mailboxes of the partition, as far as they are counted, hold all they may. */
    boolean isPartitionFull(int size) {
        return isPartitionFull(size, settings.limits().get());
    }

    private boolean isPartitionFull(int size, MailboxLimits limits) {
        return limits.partitionBytes() > 0
                && mailboxes.stock().depth().bytes() + size > limits.partitionBytes();
    }

    /** Somebody is there, and with this one message more all that waits fits into the window. */
    private boolean keepsUp(AddressQueue queue, int size) {
        return queue.session != null
                && (queue.messages == 0
                        || (queue.messages < settings.windowMessages()
                                && queue.bytes + size <= settings.windowBytes()));
    }

    void take(Message message) {
        add(message.queue, 1, message.size);
    }

    /** A message of {@code queue} is done with. */
    void release(AddressQueue queue, int size) {
        TwinQueues twin = queue.twin;
        if (twin.isCounted) {
            queue.messages--;
            queue.bytes -= size;
            twin.messages--;
            twin.bytes -= size;
            if (queue.messages == 0) {
                twin.addresses--;
            }
        }
    }

    /** The queue of an address of which nothing is in memory. */
    AddressQueue open(TwinQueues twin, Mailbox mailbox) {
        if (!twin.isCounted && !twin.isLarge) {
            count(twin, mailboxes.depths(twin.twin, FEW));
        }
        AddressQueue opened;
        if (!twin.isCounted) {
            // Whoever only connects need not wait until so much is counted.
            opened = new AddressQueue(twin, mailbox, mailbox.isEmptyFrom(0));
        } else if (twin.messages == 0) {
            opened = new AddressQueue(twin, mailbox, true);
        } else {
            // Never much: the numbers of what is large stay in memory.
            Mailbox.Depth depth = mailbox.depth();
            opened = new AddressQueue(twin, mailbox, depth.messages() == 0);
            opened.messages = depth.messages();
            opened.bytes = depth.bytes();
        }
        twin.add(opened);
        return opened;
    }

    /**
     * @param stored {@code null} if it is too much to be counted now
     */
    private static void count(TwinQueues twin, @Nullable List<Mailboxes.Held> stored) {
        if (stored == null) {
            twin.isLarge = true;
            return;
        }
        twin.isCounted = true;
        for (Mailboxes.Held held : stored) {
            Mailbox.Depth depth = held.depth();
            twin.addresses++;
            twin.messages += depth.messages();
            twin.bytes += depth.bytes();
            AddressQueue queue = twin.find(held.mailbox().address());
            if (queue == null && !isLittle(depth.messages(), depth.bytes())) {
                queue = new AddressQueue(twin, held.mailbox(), false);
                twin.add(queue);
            }
            if (queue != null) {
                queue.messages = depth.messages();
                queue.bytes = depth.bytes();
            }
        }
        for (AddressQueue queue : List.copyOf(twin.queues())) {
            for (Message m = queue.waiting.first(); m != null; m = m.next) {
                add(queue, 1, m.size);
            }
            Session session = queue.session;
            if (session != null) {
                for (Message m = session.inFlight.first(); m != null; m = m.next) {
                    if (!m.stored && !m.isGhost) {
                        add(queue, 1, m.size);
                    }
                }
            }
        }
    }

    private static void add(AddressQueue queue, long messages, long bytes) {
        TwinQueues twin = queue.twin;
        if (twin.isCounted) {
            if (queue.messages == 0) {
                twin.addresses++;
            }
            queue.messages += messages;
            queue.bytes += bytes;
            twin.messages += messages;
            twin.bytes += bytes;
        }
    }
}
