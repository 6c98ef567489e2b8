package dev.rmb.router.dispatch;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.MessageScan;
import dev.rmb.router.mailbox.StoredMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Mail of twins that live on other relays: it leaves its mailboxes by federation (delivery.md, 19).
 * A message stays stored until a relay has accepted it, it is refused, or it expires. Each address
 * has one thing under way at a time, a few messages that are POSTed one after the other. Addresses
 * of the same relays stand in a {@link DepartureLine}; no line waits for another.
 */
final class Outbound {
    /** Messages and bytes that are handed over together: answers come back every few ms only. */
    private static final int TRAIN = 32;

    private static final long TRAIN_BYTES = 64 << 10;

    /** Addresses that have a turn before anything else has, and lines that are looked at. */
    private static final int TURNS = 32;

    private static final int LOOKS = 256;

    /** Messages read to find those that must not wait. */
    private static final int URGENT = 256;

    /** The directory is asked anew about a twin at most once in this time. */
    private static final long DOUBT_MS = 10_000;

    private final DispatchSettings settings;
    private final Mailboxes mailboxes;
    private final Effects effects;
    private final Keeping keeping;
    private final Refusals refusals;
    private final Room room;
    private final Twins twins;
    private final Counts counts;
    private final Map<List<String>, DepartureLine> lines = new HashMap<>();

    /** Lines in which somebody may be ready. */
    private final ArrayDeque<DepartureLine> rotation = new ArrayDeque<>();

    /** By time; some may have ended already. */
    private final PriorityQueue<Pause> pauses = new PriorityQueue<>();

    private long tickets;

    /** What the log holds from before the takeover has been read (delivery.md, 2). */
    private boolean merged;

    private record Pause(long atMs, Departure departure) implements Comparable<Pause> {
        @Override
        public int compareTo(Pause other) {
            return Long.compare(atMs, other.atMs);
        }
    }

    Outbound(
            DispatchSettings settings,
            Mailboxes mailboxes,
            Effects effects,
            Keeping keeping,
            Refusals refusals,
            Room room,
            Twins twins,
            Counts counts) {
        this.settings = settings;
        this.mailboxes = mailboxes;
        this.effects = effects;
        this.keeping = keeping;
        this.refusals = refusals;
        this.room = room;
        this.twins = twins;
        this.counts = counts;
    }

    /**
     * A message for an address that is offline, of a twin that lives elsewhere. What another relay
     * brought goes to no third one, unless settings say so: nothing is to go in circles.
     */
    void take(Message message, EnvelopeHeader header, Standing standing, long nowMs) {
        AddressQueue queue = message.queue;
        if (message.isFederated() && !settings.passOn()) {
            refusals.refuse(message.offset, header, Reason.NOT_OF_THIS_RELAY);
            keeping.settle(message);
            return;
        }
        if (header.failFast() && isDown(queue, standing, nowMs)) {
            refusals.refuse(message.offset, header, Reason.DESTINATION_OFFLINE);
            keeping.settle(message);
            return;
        }
        keeping.elsewhere(message);
        Departure departure = ready(queue, standing);
        if (header.failFast()) {
            markUrgent(departure);
        }
    }

    /** The address has mail, or may have. Does nothing twice. */
    Departure ready(AddressQueue queue, Standing standing) {
        queue.twin.elsewhere = standing.relays();
        Departure departure = queue.departure;
        if (departure == null) {
            DepartureLine line = line(standing.relays());
            departure = new Departure(queue, line);
            queue.departure = departure;
            queue.twin.departures++;
            enter(line);
            lineUp(departure);
        }
        return departure;
    }

    /** All addresses of the twin that have mail. */
    void begin(TwinQueues twin, Standing standing) {
        Address from = Address.of(twin.twin);
        long offset = 0;
        List<Address> found = new ArrayList<>();
        while (true) {
            try (MessageScan scan = mailboxes.scan(from, offset)) {
                if (!scan.next()) {
                    break;
                }
                from = scan.address();
                offset = Long.MAX_VALUE;
                found.add(from);
            }
        }
        for (Address address : found) {
            AddressQueue queue = twins.queue(address);
            if (queue.session == null) {
                // Whoever stored it may have meant it for somebody who was to connect.
                keeping.mark(twin);
                markUrgent(ready(queue, standing));
            }
        }
    }

    /**
     * The directory has answered: the twin may live elsewhere no longer, or on other relays.
     *
     * @param anew whether it was asked past all that is remembered: that a record is still the same
     *     says nothing otherwise
     */
    void lookedUp(TwinQueues twin, Standing standing, boolean anew, Offline offline, long nowMs) {
        if (twin.elsewhere == null) {
            return;
        }
        if (!standing.isElsewhere()) {
            twin.elsewhere = null;
            for (AddressQueue queue : twin.queues()) {
                Departure departure = queue.departure;
                if (departure != null) {
                    departure.interrupted = true;
                    if (departure.state != Departure.State.OUT) {
                        end(departure);
                    }
                    // It is decided on as if it had just come.
                    twin.storedUndecided = true;
                }
            }
            return;
        }
        boolean moves = !standing.relays().equals(twin.elsewhere);
        twin.elsewhere = standing.relays();
        for (AddressQueue queue : twin.queues()) {
            Departure departure = queue.departure;
            if (departure == null) {
                continue;
            }
            Posted doubted = departure.doubted;
            if (departure.state == Departure.State.DOUBTED && doubted != null) {
                if (!moves && !anew) {
                    continue;
                }
                departure.doubted = null;
                boolean isSeenByAnother = departure.interrupted || !offline.isOffline(queue, nowMs);
                if (!moves && !isSeenByAnother) {
                    refuse(departure, doubted);
                }
                departure.out.clear();
                lineUp(departure);
            } else if (moves && departure.state == Departure.State.PAUSED) {
                departure.failures = 0;
                lineUp(departure);
            } else if (moves && departure.state == Departure.State.READY) {
                lineUp(departure);
            }
        }
    }

    /** The directory could not be asked anew: what it said before counts. */
    void lookUpFailed(TwinQueues twin, Offline offline, long nowMs) {
        List<String> relays = twin.elsewhere;
        if (relays != null) {
            lookedUp(twin, Standing.elsewhere(relays), true, offline, nowMs);
        }
    }

    /**
     * Asks the directory of twins whose relays do not answer: who leaves a relay that is gone has
     * written another one into the record.
     */
    void follow(Offline offline, long nowMs) {
        for (TwinQueues twin : twins.all()) {
            if (twin.departures > 0 && twin.queues().stream().anyMatch(Outbound::isPutOff)) {
                offline.refresh(twin, nowMs);
            }
        }
    }

    private static boolean isPutOff(AddressQueue queue) {
        Departure departure = queue.departure;
        return departure != null
                && (departure.state == Departure.State.PAUSED || departure.line.isDown());
    }

    /** What became of a message; those after it were not tried unless it was accepted. */
    void posted(
            AddressQueue queue,
            long ticket,
            long offset,
            Posted what,
            Offline offline,
            long nowMs) {
        Departure departure = queue.departure;
        if (departure == null
                || departure.ticket != ticket
                || departure.state != Departure.State.OUT) {
            return;
        }
        Departure.Out head = departure.out.peek();
        if (head == null || head.offset() != offset) {
            throw new IllegalStateException(
                    "an answer for %d, and %s is under way".formatted(offset, head));
        }
        if (what != Posted.FAILED && what != Posted.NOT_TRIED) {
            departure.failures = 0;
            isUp(departure.line);
        }
        if (what == Posted.ACCEPTED) {
            departure.out.poll();
            effects.ended(offset, Fate.FEDERATED, 0);
            counts.federated++;
            if (departure.interrupted) {
                queue.acceptedElsewhereTo = Math.max(queue.acceptedElsewhereTo, head.offset());
            } else {
                removeHead(queue, head);
            }
            if (!departure.out.isEmpty()) {
                return;
            }
        }
        departure.line.out--;
        if (departure.interrupted || queue.session != null) {
            departure.out.clear();
            end(departure);
            offline.decide(queue, nowMs);
            return;
        }
        departure.state = Departure.State.READY;
        boolean isDecision = what != Posted.ACCEPTED && what != Posted.NOT_TRIED;
        if (isDecision && !offline.isOffline(queue, nowMs)) {
            // Whether its address is offline is not known at the moment: it is tried again.
            departure.out.clear();
            lineUp(departure);
            return;
        }
        switch (what) {
            case ACCEPTED -> lineUp(departure);
            case OFFLINE, NOT_THERE, REFUSED, NO_USABLE_RELAY ->
                    refusedBy(departure, what, nowMs, offline);
            case FAILED, NOT_TRIED -> {
                departure.out.clear();
                fail(departure, head, what, nowMs);
            }
        }
    }

    /** From now on sending is allowed. */
    void merged() {
        merged = true;
    }

    /** A relay answers again. What it answered with errors may still get no better answer. */
    void isBack(String domain) {
        for (DepartureLine line : lines.values()) {
            if (line.relays.contains(domain)) {
                isUp(line);
            }
        }
    }

    /** A relay is to be tried at once. */
    void isReset(String domain) {
        isBack(domain);
        for (Pause pause : List.copyOf(pauses)) {
            Departure departure = pause.departure();
            if (departure.state == Departure.State.PAUSED
                    && departure.line.relays.contains(domain)) {
                lineUp(departure);
            }
        }
    }

    /**
     * Hands over what may go now.
     *
     * @return whether there is more that could be done now
     */
    boolean work(Offline offline, Expiry expiry, long nowMs) {
        Pause pause;
        while ((pause = pauses.peek()) != null && pause.atMs() <= nowMs) {
            pauses.poll();
            Departure departure = pause.departure();
            if (departure.state == Departure.State.PAUSED && departure.retryAtMs == pause.atMs()) {
                lineUp(departure);
            }
        }
        if (!merged || !offline.isSettled()) {
            return false;
        }
        int turns = TURNS;
        boolean more = false;
        for (int looks = Math.min(LOOKS, rotation.size()); looks > 0 && turns > 0; looks--) {
            DepartureLine line = rotation.remove();
            line.inRotation = false;
            if (!line.mayStart(nowMs)) {
                turns -= giveUpUrgent(line, offline, nowMs);
            }
            while (turns > 0
                    && !line.ready.isEmpty()
                    && line.mayStart(nowMs)
                    && effects.mayPost(line.relays)) {
                Departure departure = line.ready.remove();
                if (departure.state == Departure.State.READY && departure.line == line) {
                    turns--;
                    start(departure, offline, expiry, nowMs);
                }
            }
            more |= turns == 0;
            rotate(line);
        }
        return more;
    }

    /** The partition is closed. */
    void end() {
        for (DepartureLine line : lines.values()) {
            effects.waiting(line.relays, -line.size);
        }
        lines.clear();
    }

    private boolean isDown(AddressQueue queue, Standing standing, long nowMs) {
        DepartureLine line = lines.get(standing.relays());
        Departure departure = queue.departure;
        return (line != null && line.isDown() && nowMs < line.pausedUntilMs)
                || (departure != null
                        && departure.state == Departure.State.PAUSED
                        && departure.failures > 0);
    }

    private void start(Departure departure, Offline offline, Expiry expiry, long nowMs) {
        AddressQueue queue = departure.queue;
        if (queue.session != null) {
            end(departure);
            return;
        }
        if (!offline.isOffline(queue, nowMs)) {
            // Its gateway may bring its session back.
            departure.state = Departure.State.PAUSED;
            departure.retryAtMs = queue.graceUntilMs;
            pauses.add(new Pause(departure.retryAtMs, departure));
            return;
        }
        if (queue.restIsEmpty) {
            end(departure);
            return;
        }
        List<Outgoing> train = new ArrayList<>();
        long bytes = 0;
        boolean isAll = true;
        // After a takeover the log may have what comes before something stored: not decided on yet.
        Message undecided = queue.waiting.first();
        long end = undecided == null ? Long.MAX_VALUE : undecided.offset;
        try (MessageScan scan = queue.mailbox.scan(queue.cursor)) {
            while (scan.next()) {
                if (scan.offset() > end
                        || train.size() == TRAIN
                        || (bytes > 0 && bytes + scan.size() > TRAIN_BYTES)) {
                    isAll = false;
                    break;
                }
                StoredMessage message = scan.message();
                if (scan.offset() <= queue.acceptedElsewhereTo) {
                    remove(queue, new Departure.Out(scan.offset(), message));
                    continue;
                }
                if (expiry.isVoidElsewhere(scan)) {
                    expiry.remove(queue, scan.offset(), message);
                    continue;
                }
                if (message.isFederated() && !settings.passOn()) {
                    Departure.Out out = new Departure.Out(scan.offset(), message);
                    remove(queue, out);
                    EnvelopeHeader header = EnvelopeHeader.scan(message.envelope());
                    refusals.refuse(out.offset(), header, Reason.NOT_OF_THIS_RELAY);
                    continue;
                }
                bytes += scan.size();
                departure.out.add(new Departure.Out(scan.offset(), message));
                train.add(new Outgoing(scan.offset(), message.envelope()));
            }
        }
        if (train.isEmpty()) {
            queue.restIsEmpty = isAll;
            end(departure);
            return;
        }
        departure.state = Departure.State.OUT;
        departure.ticket = ++tickets;
        departure.interrupted = false;
        departure.line.out++;
        effects.post(departure.ticket, queue.address, departure.line.relays, train);
    }

    private void refusedBy(Departure departure, Posted what, long nowMs, Offline offline) {
        TwinQueues twin = departure.queue.twin;
        if (what != Posted.NOT_THERE || nowMs - twin.doubtedMs < DOUBT_MS) {
            refuse(departure, what);
            lineUp(departure);
        } else {
            // What this relay believes of the twin may be old.
            departure.state = Departure.State.DOUBTED;
            departure.doubted = what;
            twin.doubtedMs = nowMs;
            offline.lookUpAnew(twin);
        }
    }

    /** The head is refused for good; what was handed over after it was not tried. */
    private void refuse(Departure departure, Posted what) {
        Departure.Out head = departure.out.remove();
        departure.out.clear();
        removeHead(departure.queue, head);
        refusals.refuse(
                head.offset(),
                EnvelopeHeader.scan(head.message().envelope()),
                switch (what) {
                    case OFFLINE -> Reason.DESTINATION_OFFLINE;
                    case NOT_THERE, REFUSED -> Reason.RELAY_REFUSED;
                    case NO_USABLE_RELAY -> Reason.NO_USABLE_RELAY;
                    case ACCEPTED, FAILED, NOT_TRIED ->
                            throw new IllegalArgumentException(what + " is no refusal");
                });
    }

    private void fail(Departure departure, Departure.Out head, Posted what, long nowMs) {
        if (what == Posted.FAILED) {
            counts.federationFailures++;
            departure.failures++;
            departure.line.failures++;
            if (departure.line.isDown()) {
                rotate(departure.line);
                departure.line.pausedUntilMs = nowMs + effects.pauseMs(departure.line.downs());
            }
            giveUpIfUrgent(departure.queue, head);
        }
        departure.state = Departure.State.PAUSED;
        departure.retryAtMs = nowMs + effects.pauseMs(Math.max(1, departure.failures));
        pauses.add(new Pause(departure.retryAtMs, departure));
        if (what == Posted.FAILED) {
            giveUpUrgent(departure);
        }
    }

    /** Returns how many addresses had a turn. */
    private int giveUpUrgent(DepartureLine line, Offline offline, long nowMs) {
        List<Departure> next = line.urgent.stream().limit(TURNS).toList();
        for (Departure departure : next) {
            line.urgent.remove(departure);
            if (offline.isOffline(departure.queue, nowMs)) {
                giveUpUrgent(departure);
            } else {
                line.urgent.add(departure);
            }
        }
        return next.size();
    }

    /** Takes out what must not wait, now that it would have to. */
    private void giveUpUrgent(Departure departure) {
        AddressQueue queue = departure.queue;
        boolean mayLook =
                departure.state == Departure.State.PAUSED
                        || departure.state == Departure.State.READY;
        if (!departure.urgent || !mayLook || queue.session != null || queue.restIsEmpty) {
            return;
        }
        departure.urgent = false;
        departure.line.urgent.remove(departure);
        List<Departure.Out> found = new ArrayList<>();
        try (MessageScan scan = queue.mailbox.scan(queue.cursor)) {
            while (scan.next()) {
                if (found.size() == URGENT) {
                    markUrgent(departure);
                    break;
                }
                found.add(new Departure.Out(scan.offset(), scan.message()));
            }
        }
        found.forEach(out -> giveUpIfUrgent(queue, out));
    }

    private void giveUpIfUrgent(AddressQueue queue, Departure.Out out) {
        EnvelopeHeader header = EnvelopeHeader.scan(out.message().envelope());
        if (out.offset() <= queue.acceptedElsewhereTo) {
            remove(queue, out);
        } else if (header.failFast()) {
            remove(queue, out);
            refusals.refuse(out.offset(), header, Reason.DESTINATION_OFFLINE);
        } else if (out.message().mayNotWait()) {
            remove(queue, out);
            counts.dropped++;
            refusals.drop(out.offset());
        }
    }

    private void markUrgent(Departure departure) {
        if (!departure.urgent) {
            departure.urgent = true;
            departure.line.urgent.add(departure);
            rotate(departure.line);
        }
    }

    private void remove(AddressQueue queue, Departure.Out out) {
        int size = out.message().envelope().length;
        queue.mailbox.delete(out.offset(), size);
        room.release(queue, size);
        counts.deleted++;
    }

    private void removeHead(AddressQueue queue, Departure.Out head) {
        remove(queue, head);
        // What was deleted need not be passed again.
        queue.cursor = Math.max(queue.cursor, head.offset() + 1);
    }

    /** It is ready, in the line that its twin has now. */
    private void lineUp(Departure departure) {
        List<String> relays = departure.queue.twin.elsewhere;
        if (relays != null && !relays.equals(departure.line.relays)) {
            departure.line.urgent.remove(departure);
            leave(departure.line);
            departure.line = line(relays);
            enter(departure.line);
            if (departure.urgent) {
                departure.line.urgent.add(departure);
            }
        }
        departure.state = Departure.State.READY;
        departure.line.ready.add(departure);
        rotate(departure.line);
    }

    private void end(Departure departure) {
        departure.queue.departure = null;
        departure.queue.twin.departures--;
        departure.state = Departure.State.ENDED;
        departure.line.urgent.remove(departure);
        leave(departure.line);
    }

    private DepartureLine line(List<String> relays) {
        return lines.computeIfAbsent(relays, DepartureLine::new);
    }

    private void enter(DepartureLine line) {
        line.size++;
        effects.waiting(line.relays, 1);
    }

    private void leave(DepartureLine line) {
        line.size--;
        effects.waiting(line.relays, -1);
        if (line.size == 0) {
            lines.remove(line.relays, line);
        }
    }

    private void isUp(DepartureLine line) {
        line.isUp();
        rotate(line);
    }

    private void rotate(DepartureLine line) {
        if (!line.inRotation
                && !(line.ready.isEmpty() && (line.urgent.isEmpty() || !line.isDown()))) {
            line.inRotation = true;
            rotation.add(line);
        }
    }
}
