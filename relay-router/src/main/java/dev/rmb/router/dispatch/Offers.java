package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.link.Offer;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Delivery beside the log (delivery.md, 20 to 23): offers that may go out before their records are
 * read, and what became of those that did.
 *
 * <p>An offer is taken only if nothing that its writer sent before can come after it: it is the
 * writer's next, and nothing of its address waits. Whether it is taken or not, its record is read
 * in any case, and the watermark knows nothing but records.
 */
final class Offers {
    /** Delivered and not logged, in one partition: as many are not read back again. */
    static final int MAX_TAKEN = 16_384;

    /** Held for the log to catch up, in one partition. */
    static final int MAX_HELD = 4_096;

    static final long MAX_HELD_BYTES = 1 << 20;

    static final int MAX_WRITERS = 1_024;

    /** The log is out of order or far behind: nothing more goes beside it until it is back. */
    static final long LATE_MS = 5_000;

    /** Longer than any producer tries. */
    static final long FORGET_MS = 600_000;

    /** Between two reports that say only good things. */
    static final long REPORT_MS = 50;

    private static final int HELD_OVERHEAD = 100;

    private final Twins twins;
    private final Deliveries deliveries;
    private final Room room;
    private final Memory memory;
    private final Counts counts;
    private final Map<Long, Writer> writers = new HashMap<>();
    private final Map<Long, Seen> seen = new LinkedHashMap<>();
    private int taken;
    private int held;
    private long heldBytes;
    private long reportedMs;

    /** What became of the offers of a link, since it was last told. */
    private static final class Seen {
        private int taken;
        private int left;
    }

    Offers(Twins twins, Deliveries deliveries, Room room, Memory memory, Counts counts) {
        this.twins = twins;
        this.deliveries = deliveries;
        this.room = room;
        this.memory = memory;
        this.counts = counts;
    }

    /** Under the present claim: takes those that may go out now, and holds some of the others. */
    void offered(long link, long writerId, List<Offer> offers, long nowMs) {
        Writer writer = writer(writerId, nowMs);
        Seen toTell = seen.computeIfAbsent(link, _ -> new Seen());
        writer.link = link;
        int waiting = 0;
        for (Offer offer : offers) {
            if (offer.sequence() <= writer.covered || writer.held.containsKey(offer.sequence())) {
                // Repeated, or its record was faster.
                continue;
            }
            if (hold(writer, offer)) {
                waiting++;
            } else {
                left(toTell, 1);
            }
        }
        int before = writer.held.size();
        takeNext(writer, nowMs);
        left(toTell, Math.max(0, waiting - (before - writer.held.size())));
    }

    /**
     * The record with this origin was read.
     *
     * @return what was delivered of it beside the log; {@code null} if that does not count
     */
    @Nullable Message logged(Origin origin, long nowMs) {
        Writer writer = writer(origin.writer(), nowMs);
        if (origin.sequence() <= writer.logged) {
            return null;
        }
        writer.logged = origin.sequence();
        writer.covered = Math.max(writer.covered, writer.logged);
        Message found = null;
        Message first;
        while ((first = writer.taken.peek()) != null && sequence(first) <= writer.logged) {
            writer.taken.poll();
            taken--;
            if (sequence(first) == writer.logged) {
                found = first.isGhost ? null : first;
            } else {
                // Its record would have come before.
                forget(first);
            }
        }
        return found;
    }

    /** What was read has its place: what its writer offered behind it may follow. */
    void placed(Origin origin, long nowMs) {
        Writer writer = writers.get(origin.writer());
        if (writer != null && !writer.held.isEmpty()) {
            takeNext(writer, nowMs);
        }
    }

    /** The message counts no more, but its number is still under way to its session. */
    void forget(Message message) {
        if (!message.settled && !message.isGhost) {
            message.isGhost = true;
            room.release(message.queue, message.size);
        }
    }

    /**
     * A session ends: what was offered to it and is neither confirmed nor logged was not delivered,
     * for all that is known (delivery.md, 21). What remains in flight is in the order of the log.
     */
    void ended(Session session) {
        if (!session.hasOffers) {
            return;
        }
        session.hasOffers = false;
        List<Message> logged = new ArrayList<>(session.inFlight.count());
        Message message;
        while ((message = session.inFlight.poll()) != null) {
            if (message.isLogged()) {
                logged.add(message);
            } else {
                message.number = 0;
                giveUp(message);
            }
        }
        logged.forEach(session.inFlight::add);
        session.inFlight.sort();
    }

    /** Offers of another claim are worth nothing. */
    void forgetHeld() {
        writers.values().forEach(this::forgetHeld);
        seen.clear();
    }

    void linkClosed(long link) {
        seen.remove(link);
        for (Writer writer : writers.values()) {
            if (writer.link == link) {
                forgetHeld(writer);
            }
        }
    }

    /**
     * Tells gateways what became of their offers: at once if some wait for the log, else now and
     * then.
     */
    void report(Effects effects, long epoch, long nowMs) {
        boolean all = nowMs - reportedMs >= REPORT_MS;
        if (all) {
            reportedMs = nowMs;
        }
        for (Iterator<Map.Entry<Long, Seen>> i = seen.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Long, Seen> next = i.next();
            Seen of = next.getValue();
            if (of.left > 0 || all) {
                if (of.left > 0 || of.taken > 0) {
                    effects.offersSeen(next.getKey(), epoch, of.taken, of.left);
                }
                i.remove();
            }
        }
    }

    /** Forgets writers that are gone, and what never came of them. */
    void forgetOld(long nowMs) {
        writers.values()
                .removeIf(writer -> {
                    boolean isOld = nowMs - writer.heardMs >= FORGET_MS;
                    if (isOld) {
                        remove(writer);
                    }
                    return isOld;
                });
    }

    /** Delivered, and not logged yet. */
    int taken() {
        return taken;
    }

    /** Waiting for the log to catch up. */
    int held() {
        return held;
    }

    private void takeNext(Writer writer, long nowMs) {
        dropRepeated(writer);
        Offer next;
        while ((next = writer.next()) != null && take(writer, next, nowMs)) {
            drop(writer, next.sequence());
            writer.covered = next.sequence();
        }
    }

    private boolean take(Writer writer, Offer offer, long nowMs) {
        if (taken >= MAX_TAKEN || isLate(writer, nowMs)) {
            return false;
        }
        AddressQueue queue = destination(offer.envelope());
        Session session = queue == null ? null : queue.session;
        if (queue == null || session == null || !room.isFor(queue, offer.envelope().length)) {
            return false;
        }
        Message message =
                Message.offered(
                        queue, new Origin(writer.id, offer.sequence()), nowMs, offer.envelope());
        if (!deliveries.beside(queue, session, message)) {
            return false;
        }
        session.hasOffers = true;
        room.take(message);
        writer.taken.add(message);
        taken++;
        counts.offersTaken++;
        Seen toTell = seen.get(writer.link);
        if (toTell != null) {
            toTell.taken++;
        }
        return true;
    }

    private @Nullable AddressQueue destination(byte[] envelope) {
        try {
            return twins.find(EnvelopeHeader.scan(envelope));
        } catch (MalformedEnvelopeException | IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isLate(Writer writer, long nowMs) {
        Message oldest = writer.taken.peek();
        return oldest != null && nowMs - oldest.readMs >= LATE_MS;
    }

    private void giveUp(Message message) {
        if (message.isGhost) {
            return;
        }
        forget(message);
        counts.offerGaps++;
        Origin origin = message.origin();
        Writer writer = origin == null ? null : writers.get(origin.writer());
        if (origin != null && writer != null) {
            writer.gapThrough = Math.max(writer.gapThrough, origin.sequence());
        }
    }

    private boolean hold(Writer writer, Offer offer) {
        long size = (long) offer.envelope().length + HELD_OVERHEAD;
        if (held >= MAX_HELD || heldBytes + size > MAX_HELD_BYTES || memory.isFull()) {
            return false;
        }
        writer.held.put(offer.sequence(), offer);
        held++;
        heldBytes += size;
        return true;
    }

    private void dropRepeated(Writer writer) {
        while (!writer.held.isEmpty() && writer.held.firstKey() <= writer.covered) {
            drop(writer, writer.held.firstKey());
        }
    }

    private void drop(Writer writer, long sequence) {
        Offer dropped = writer.held.remove(sequence);
        if (dropped != null) {
            held--;
            heldBytes -= (long) dropped.envelope().length + HELD_OVERHEAD;
        }
    }

    private void forgetHeld(Writer writer) {
        while (!writer.held.isEmpty()) {
            drop(writer, writer.held.firstKey());
        }
    }

    private void left(Seen toTell, int count) {
        toTell.left += count;
        counts.offersLeft += count;
    }

    private static long sequence(Message offered) {
        Origin origin = offered.origin();
        return origin == null ? 0 : origin.sequence();
    }

    private Writer writer(long id, long nowMs) {
        Writer known = writers.get(id);
        if (known == null) {
            if (writers.size() >= MAX_WRITERS) {
                forgetQuietest();
            }
            known = new Writer(id);
            writers.put(id, known);
        }
        known.heardMs = nowMs;
        return known;
    }

    private void forgetQuietest() {
        Writer quietest = null;
        for (Writer writer : writers.values()) {
            if (quietest == null || writer.heardMs < quietest.heardMs) {
                quietest = writer;
            }
        }
        if (quietest != null) {
            remove(quietest);
            writers.remove(quietest.id);
        }
    }

    private void remove(Writer writer) {
        forgetHeld(writer);
        taken -= writer.taken.size();
        writer.taken.forEach(this::forget);
        writer.taken.clear();
    }
}
