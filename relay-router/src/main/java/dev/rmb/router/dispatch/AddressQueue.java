package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * The one queue of an address (delivery.md, 1). While it is connected, these follow each other in
 * the order of the log: what is in flight (kept by the session), what waits in memory, and the
 * rest, which is stored. While it is not, the rest comes first, and what waits in memory is
 * undecided.
 */
final class AddressQueue {
    final Address address;
    final TwinQueues twin;
    final Mailbox mailbox;
    final MessageList waiting = new MessageList();

    @Nullable Session session;

    /**
     * Where the rest begins: what is stored below is in flight. Means nothing while {@link
     * #restIsEmpty}.
     */
    long cursor;

    /** Nothing is stored but what is in flight. */
    boolean restIsEmpty;

    /** Its link's buffer was full: it waits for the link to turn writable. */
    boolean stalled;

    /** It is in line for being drained. */
    boolean inLine;

    /** Not counted as offline before this, because its gateway may come back. */
    long graceUntilMs;

    private Mailbox.@Nullable Depth depth;

    AddressQueue(TwinQueues twin, Address address, Mailbox mailbox) {
        this.twin = twin;
        this.address = address;
        this.mailbox = mailbox;
        this.restIsEmpty = mailbox.isEmptyFrom(0);
        if (restIsEmpty) {
            depth = new Mailbox.Depth(0, 0);
        }
    }

    /** Whether forgetting it loses nothing that the store does not know. */
    boolean isIdle(long nowMs) {
        return session == null && waiting.isEmpty() && !inLine && graceUntilMs <= nowMs;
    }

    /** What the mailbox holds, what is in flight from it included. Reads it all the first time. */
    Mailbox.Depth depth() {
        if (depth == null) {
            depth = mailbox.depth();
        }
        return depth;
    }

    /** The rest begins at {@code offset} or before. */
    void restFrom(long offset) {
        cursor = restIsEmpty ? offset : Math.min(cursor, offset);
        restIsEmpty = false;
    }

    void put(Message message, boolean undecided) {
        Mailbox.Depth before = depth();
        mailbox.put(message.offset, message.toStore(undecided));
        depth = new Mailbox.Depth(before.messages() + 1, before.bytes() + message.size);
    }

    void delete(long offset, int size) {
        mailbox.delete(offset);
        if (depth != null) {
            depth = new Mailbox.Depth(depth.messages() - 1, depth.bytes() - size);
        }
    }
}
