package dev.rmb.router.dispatch;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.router.mailbox.MessageScan;
import java.util.ArrayDeque;
import java.util.Collection;

/**
 * Sends what connected addresses have, as far as windows and links take it. A closed window or a
 * full link holds up its own session or gateway and nobody else.
 */
final class Deliveries {
    /** Messages taken from one mailbox before another one has its turn. */
    private static final int DRAIN_BATCH = 256;

    /** Out of a mailbox, less than this part of a window is not worth a range scan. */
    private static final int WORTH_A_SCAN = 4;

    private final DispatchSettings settings;
    private final Effects effects;
    private final Keeping keeping;
    private final Memory memory;
    private final Expiry expiry;
    private final Counts counts;

    /** Queues that could send more from their mailboxes. */
    private final ArrayDeque<AddressQueue> line = new ArrayDeque<>();

    private long epoch;

    /** What the log holds from before the takeover has been read. */
    private boolean merged;

    Deliveries(
            DispatchSettings settings,
            Effects effects,
            Keeping keeping,
            Memory memory,
            Expiry expiry,
            Counts counts) {
        this.settings = settings;
        this.effects = effects;
        this.keeping = keeping;
        this.memory = memory;
        this.expiry = expiry;
        this.counts = counts;
    }

    void epoch(long claimed) {
        epoch = claimed;
    }

    /** From now on sending is allowed: mailboxes and log are one order (delivery.md, 2). */
    void merged() {
        merged = true;
    }

    /** A message came for a connected address. */
    void offer(AddressQueue queue, Session session, Message message, long nowMs) {
        session.firstOffset = Math.min(session.firstOffset, message.offset);
        if (queue.restIsEmpty && queue.waiting.isEmpty() && maySend(session, message.size)) {
            send(session, message);
            if (memory.isFull()) {
                keeping.inFlight(message);
            }
        } else if (queue.restIsEmpty
                && queue.waiting.count() < settings.waitingMessages()
                && !memory.isFull()) {
            queue.waiting.add(message);
            pump(queue, nowMs);
        } else {
            keeping.spill(queue, false);
            keeping.rest(message, false);
            enqueue(queue);
        }
    }

    /** Everything up to {@code number} was confirmed. */
    void acknowledged(Session session, long number, long nowMs) {
        Message message;
        while ((message = session.inFlight.first()) != null && message.number <= number) {
            session.inFlight.poll();
            message.number = 0;
            keeping.settle(message);
            counts.acknowledged++;
            if (!message.isLogged()) {
                message.confirmedBy = session.id;
                continue;
            }
            effects.ended(message.offset, Fate.ACKNOWLEDGED, session.id);
            if (!message.drained) {
                effects.confirmed(message.header());
            }
        }
        pump(session.queue, nowMs);
    }

    /** Sends what may be sent now, at most a batch from the mailbox. */
    void pump(AddressQueue queue, long nowMs) {
        Session session = queue.session;
        if (session == null) {
            return;
        }
        Message message;
        while ((message = queue.waiting.first()) != null) {
            if (!maySend(session, message.size)) {
                return;
            }
            queue.waiting.poll();
            send(session, message);
        }
        if (!queue.restIsEmpty && isWorthAScan(session)) {
            drain(queue, session, nowMs);
        }
    }

    /**
     * Sends to queues that wait for their turn or for their link.
     *
     * @param turns how many queues at most
     * @return whether more could be sent now
     */
    boolean work(Collection<GatewayLink> links, int turns, long nowMs) {
        for (GatewayLink link : links) {
            if (!link.stalled.isEmpty() && effects.isWritable(link.id)) {
                AddressQueue queue;
                while ((queue = link.stalled.poll()) != null) {
                    queue.stalled = false;
                    enqueue(queue);
                }
            }
        }
        for (int turn = 0; turn < turns; turn++) {
            AddressQueue queue = line.poll();
            if (queue == null) {
                return false;
            }
            queue.inLine = false;
            pump(queue, nowMs);
        }
        return !line.isEmpty();
    }

    private void drain(AddressQueue queue, Session session, long nowMs) {
        try (MessageScan scan = queue.mailbox.scan(queue.cursor)) {
            for (int taken = 0; taken < DRAIN_BATCH; taken++) {
                if (!scan.next()) {
                    queue.restIsEmpty = true;
                    return;
                }
                long offset = scan.offset();
                if (expiry.isVoid(session, offset, scan)) {
                    expiry.remove(queue, offset, scan.message());
                    continue;
                }
                Message message = Message.drained(queue, offset, nowMs, scan.message());
                if (!maySend(session, message.size)) {
                    return;
                }
                memory.take(message);
                queue.cursor = message.offset + 1;
                send(session, message);
                counts.drained++;
            }
        }
        enqueue(queue);
    }

    private boolean isWorthAScan(Session session) {
        MessageList inFlight = session.inFlight;
        return inFlight.isEmpty()
                || (settings.windowMessages() - inFlight.count()
                                >= settings.windowMessages() / WORTH_A_SCAN
                        && settings.windowBytes() - inFlight.bytes()
                                >= settings.windowBytes() / WORTH_A_SCAN);
    }

    /**
     * Delivers an offer at once, ahead of the log.
     *
     * @return whether it did: only where nothing of the address waits, and its window is open
     */
    boolean beside(AddressQueue queue, Session session, Message offered) {
        if (!queue.restIsEmpty || !queue.waiting.isEmpty() || !maySend(session, offered.size)) {
            return false;
        }
        send(session, offered);
        offered.dropEnvelope();
        return true;
    }

    private boolean maySend(Session session, int size) {
        if (!merged || !session.link.complete || !windowTakes(session.inFlight, size)) {
            return false;
        }
        if (effects.isWritable(session.link.id)) {
            return true;
        }
        if (!session.queue.stalled) {
            session.queue.stalled = true;
            session.link.stalled.add(session.queue);
        }
        return false;
    }

    private boolean windowTakes(MessageList inFlight, int size) {
        return inFlight.isEmpty()
                || (inFlight.count() < settings.windowMessages()
                        && inFlight.bytes() + size <= settings.windowBytes());
    }

    private void send(Session session, Message message) {
        message.number = ++session.lastNumber;
        session.inFlight.add(message);
        effects.deliver(
                session.link.id,
                epoch,
                session.id,
                message.number,
                message.offset,
                message.envelope(),
                message.origin());
        counts.delivered++;
        if (message.isLogged() && !message.drained) {
            effects.routed(message.appendTimeMs);
        }
        if (message.stored) {
            memory.release(message);
        }
    }

    private void enqueue(AddressQueue queue) {
        if (!queue.inLine && queue.session != null) {
            queue.inLine = true;
            line.add(queue);
        }
    }
}
