package dev.rmb.router.dispatch;

import dev.rmb.router.mailbox.Mailboxes;

/** Moves messages from memory into their mailboxes. */
final class Keeping {
    private final Mailboxes mailboxes;
    private final Memory memory;
    private final Room room;
    private final Deadlines deadlines;
    private final Counts counts;

    /** Bytes that may be stored before time passes again; what cannot wait is stored anyway. */
    private long allowance = Long.MAX_VALUE;

    Keeping(Mailboxes mailboxes, Memory memory, Room room, Deadlines deadlines, Counts counts) {
        this.mailboxes = mailboxes;
        this.memory = memory;
        this.room = room;
        this.deadlines = deadlines;
        this.counts = counts;
    }

    void allow(long bytes) {
        allowance = bytes;
    }

    /** Whether what can wait may be stored now. */
    boolean mayStore() {
        return allowance > 0;
    }

    /** Stores a message that is in flight. It stays in flight, without its envelope. */
    void inFlight(Message message) {
        store(message, false);
    }

    /**
     * Stores a message behind everything that its address has in memory.
     *
     * @param undecided whether it must still be decided on, should its address stay offline
     */
    void rest(Message message, boolean undecided) {
        message.queue.restFrom(message.offset);
        deadlines.heard(message.deadlineMs);
        store(message, undecided);
    }

    /** Stores a message that is to leave for another relay. The next owner decides on it anew. */
    void elsewhere(Message message) {
        message.queue.restFrom(message.offset);
        deadlines.heard(message.deadlineMs);
        mark(message.queue.twin);
        write(message, true);
    }

    /** The next owner is to ask the directory of the twin. */
    void mark(TwinQueues twin) {
        if (!twin.isMarked) {
            twin.isMarked = true;
            mailboxes.undecided(twin.twin);
        }
    }

    /** Stores everything that waits in memory. */
    void spill(AddressQueue queue, boolean undecided) {
        Message message;
        while ((message = queue.waiting.poll()) != null) {
            rest(message, undecided);
        }
    }

    /** The message is done with: confirmed, or nobody will get it. */
    void settle(Message message) {
        if (message.isGhost) {
            return;
        }
        if (message.stored) {
            message.queue.mailbox.delete(message.offset, message.size);
            message.stored = false;
            counts.deleted++;
        }
        message.settled = true;
        room.release(message.queue, message.size);
        memory.release(message);
    }

    private void store(Message message, boolean undecided) {
        TwinQueues twin = message.queue.twin;
        if (undecided && !message.stored) {
            twin.storedUndecided = true;
            mark(twin);
        } else if (!twin.isOurs()) {
            twin.storedUnasked = true;
            mark(twin);
        }
        write(message, undecided);
    }

    private void write(Message message, boolean undecided) {
        if (!message.stored) {
            message.queue.mailbox.put(message.offset, message.toStore(undecided));
            message.stored = true;
            message.settled = true;
            allowance -= message.size;
            counts.stored++;
            counts.storedBytes += message.size;
        }
        memory.release(message);
    }
}
