package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.MessageScan;
import dev.rmb.router.mailbox.StoredMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides on messages for addresses that are not connected: stored, refused or dropped. See
 * docs/specification.md, 8.2. A decision needs two facts, that the address is offline and what the
 * directory says of its twin; a message keeps its place while either is waited for, and is simply
 * delivered if its address connects first.
 */
final class Offline {
    private static final long RETRY_MS = 1_000;

    /** Messages and bytes of a sweep that are read before anything else has its turn. */
    private static final int SWEEP_BATCH = 256;

    private static final long SWEEP_BYTES = 1 << 20;

    private final DispatchSettings settings;
    private final Mailboxes mailboxes;
    private final Effects effects;
    private final Keeping keeping;
    private final Refusals refusals;
    private final Memory memory;
    private final Room room;
    private final Twins twins;
    private final Outbound outbound;
    private final Counts counts;

    /** Queues whose gateway may come back, in the order in which that is given up. */
    private final ArrayDeque<AddressQueue> grace = new ArrayDeque<>();

    private final ArrayDeque<Retry> retries = new ArrayDeque<>();
    private final ArrayDeque<Sweep> sweeps = new ArrayDeque<>();

    /** Queues with messages that were to be stored, and too much was being stored. */
    private final Set<AddressQueue> unfinished = new LinkedHashSet<>();

    private boolean settled;

    private record Retry(TwinQueues twin, long atMs) {}

    /** Goes through the stored messages of a twin, from a place on. */
    private record Sweep(TwinQueues twin, Standing standing, Address address, long offset) {}

    private enum Verdict {
        KEEP,
        FEDERATE,
        REFUSE_UNKNOWN_TWIN,
        REFUSE_NO_RELAY,
        REFUSE_OFFLINE,
        DROP
    }

    Offline(
            DispatchSettings settings,
            Mailboxes mailboxes,
            Effects effects,
            Keeping keeping,
            Refusals refusals,
            Memory memory,
            Room room,
            Twins twins,
            Outbound outbound,
            Counts counts) {
        this.settings = settings;
        this.mailboxes = mailboxes;
        this.effects = effects;
        this.keeping = keeping;
        this.refusals = refusals;
        this.memory = memory;
        this.room = room;
        this.twins = twins;
        this.outbound = outbound;
        this.counts = counts;
    }

    /** Whether an address without session counts as offline. */
    void settled(boolean whether) {
        settled = whether;
        refusals.trust(whether);
    }

    boolean isSettled() {
        return settled;
    }

    /** The message may not wait, and its address is offline. */
    void drop(Message message) {
        counts.dropped++;
        refusals.drop(message.offset);
        keeping.settle(message);
    }

    /**
     * Whether a message would not be kept anyway, so that it needs no room.
     *
     * @param mayNotWait it has no time to live
     */
    boolean isRefusedAnyway(
            AddressQueue queue, EnvelopeHeader header, boolean mayNotWait, long nowMs) {
        Standing standing = queue.twin.standing(nowMs);
        if (standing == null || !queue.waiting.isEmpty() || !isOffline(queue, nowMs)) {
            return false;
        }
        return switch (verdict(header, mayNotWait, standing)) {
            case KEEP, FEDERATE -> false;
            case REFUSE_UNKNOWN_TWIN, REFUSE_NO_RELAY, REFUSE_OFFLINE, DROP -> true;
        };
    }

    /** A message came for an address that is not connected. */
    void place(AddressQueue queue, Message message, EnvelopeHeader header, long nowMs) {
        if (queue.waiting.isEmpty() && isOffline(queue, nowMs)) {
            Standing standing = queue.twin.standing(nowMs);
            if (standing != null) {
                carryOut(standing, message, header, nowMs);
                return;
            }
        }
        if (queue.waiting.count() < settings.waitingMessages() && !memory.isFull()) {
            queue.waiting.add(message);
        } else {
            keeping.spill(queue, true);
            keeping.rest(message, true);
        }
        decide(queue, nowMs);
    }

    /** Decides on everything undecided of {@code queue}, or asks the directory first. */
    void decide(AddressQueue queue, long nowMs) {
        if (!isOffline(queue, nowMs)
                || (queue.waiting.isEmpty() && queue.restIsEmpty && !queue.twin.storedUndecided)) {
            return;
        }
        Standing standing = queue.twin.standing(nowMs);
        if (standing == null) {
            lookUp(queue.twin);
            return;
        }
        Message message;
        while ((message = queue.waiting.first()) != null) {
            if (!keeping.mayStore()) {
                unfinished.add(queue);
                return;
            }
            queue.waiting.poll();
            EnvelopeHeader header = EnvelopeHeader.scan(message.envelope());
            carryOut(standing, message, header, nowMs);
        }
        if (standing.isElsewhere() && !queue.restIsEmpty) {
            outbound.ready(queue, standing);
        }
        queue.awaitsDecision = false;
        if (queue.twin.storedUndecided) {
            decideStored(queue.twin, standing);
        }
    }

    /** The gateway of {@code queue}'s session was lost, and may bring the session back. */
    void waitFor(AddressQueue queue, long nowMs) {
        queue.graceUntilMs = nowMs + settings.settleMs();
        grace.add(queue);
    }

    /** Some messages that a predecessor stored were never decided on. */
    void storedUndecided(TwinQueues twin) {
        if (twin.storedUndecided && !twin.lookingUp) {
            lookUp(twin);
        }
    }

    /**
     * @param anew whether the directory was asked past all that is remembered
     */
    void lookedUp(TwinQueues twin, Standing standing, boolean anew, long nowMs) {
        twin.standing(standing, nowMs);
        outbound.lookedUp(twin, standing, anew, this, nowMs);
        for (AddressQueue queue : List.copyOf(twin.queues())) {
            decide(queue, nowMs);
        }
        if (twin.storedUndecided && settled) {
            decideStored(twin, standing);
        }
    }

    /** What waits keeps its place, and the directory is asked again. */
    void lookUpFailed(TwinQueues twin, boolean anew, long nowMs) {
        if (anew) {
            outbound.lookUpFailed(twin, this, nowMs);
        }
        retries.add(new Retry(twin, nowMs));
    }

    /** Asks the directory of the twin, unless it said something lately. */
    void refresh(TwinQueues twin, long nowMs) {
        if (twin.standing(nowMs) == null) {
            lookUp(twin);
        }
    }

    /** What was known of the twin may be old. */
    void lookUpAnew(TwinQueues twin) {
        counts.lookUps++;
        effects.lookUpAnew(twin.twin);
    }

    void tick(long nowMs) {
        AddressQueue waited;
        while ((waited = grace.peek()) != null && waited.graceUntilMs <= nowMs) {
            grace.poll();
            decide(waited, nowMs);
        }
        Retry retry;
        while ((retry = retries.peek()) != null && nowMs - retry.atMs() >= RETRY_MS) {
            retries.poll();
            retry.twin().lookingUp = false;
            lookUp(retry.twin());
        }
    }

    /**
     * Goes on deciding on stored messages.
     *
     * @return whether there is more of it
     */
    boolean work(long nowMs) {
        if (!unfinished.isEmpty() && keeping.mayStore()) {
            List<AddressQueue> queues = List.copyOf(unfinished);
            unfinished.clear();
            queues.forEach(queue -> decide(queue, nowMs));
        }
        Sweep sweep = sweeps.poll();
        if (sweep == null) {
            return false;
        }
        Sweep rest = carryOut(sweep, nowMs);
        if (rest != null) {
            sweeps.add(rest);
            return true;
        }
        TwinQueues twin = sweep.twin();
        twin.sweeps--;
        if (twin.isDecided()) {
            twins.decided(twin);
        }
        return !sweeps.isEmpty();
    }

    boolean isOffline(AddressQueue queue, long nowMs) {
        return settled && queue.session == null && queue.graceUntilMs <= nowMs;
    }

    private void lookUp(TwinQueues twin) {
        if (!twin.lookingUp) {
            twin.lookingUp = true;
            counts.lookUps++;
            effects.lookUp(twin.twin);
        }
    }

    private static Verdict verdict(EnvelopeHeader header, boolean mayNotWait, Standing standing) {
        return switch (standing.kind()) {
            case UNKNOWN -> Verdict.REFUSE_UNKNOWN_TWIN;
            case NO_RELAY -> Verdict.REFUSE_NO_RELAY;
            case ELSEWHERE -> Verdict.FEDERATE;
            case OURS -> {
                if (header.failFast()) {
                    yield Verdict.REFUSE_OFFLINE;
                }
                yield mayNotWait ? Verdict.DROP : Verdict.KEEP;
            }
        };
    }

    private void carryOut(Standing standing, Message message, EnvelopeHeader header, long nowMs) {
        Verdict verdict = verdict(header, message.mayNotWait(), standing);
        switch (verdict) {
            case FEDERATE -> outbound.take(message, header, standing, nowMs);
            case KEEP -> keeping.rest(message, false);
            case DROP -> drop(message);
            case REFUSE_UNKNOWN_TWIN, REFUSE_NO_RELAY, REFUSE_OFFLINE -> {
                refusals.refuse(message.offset, header, reason(verdict));
                keeping.settle(message);
            }
        }
    }

    private static Reason reason(Verdict verdict) {
        return switch (verdict) {
            case REFUSE_UNKNOWN_TWIN -> Reason.UNKNOWN_TWIN;
            case REFUSE_NO_RELAY -> Reason.NO_RELAY;
            case REFUSE_OFFLINE -> Reason.DESTINATION_OFFLINE;
            case KEEP, FEDERATE, DROP ->
                    throw new IllegalArgumentException(verdict + " is no refusal");
        };
    }

    private void decideStored(TwinQueues twin, Standing standing) {
        if (standing.isElsewhere()) {
            twin.storedUndecided = false;
            outbound.begin(twin, standing);
        } else {
            sweep(twin, standing);
        }
    }

    private void sweep(TwinQueues twin, Standing standing) {
        // What is stored undecided while the sweep runs sets this again.
        twin.storedUndecided = false;
        twin.sweeps++;
        sweeps.add(new Sweep(twin, standing, Address.of(twin.twin), 0));
    }

    /** What remains of the sweep; {@code null} if it is done. */
    private @Nullable Sweep carryOut(Sweep sweep, long nowMs) {
        record Decided(Address address, long offset, StoredMessage message, Verdict verdict) {}
        List<Decided> decided = new ArrayList<>();
        @Nullable Sweep rest = null;
        try (MessageScan scan = mailboxes.scan(sweep.address(), sweep.offset())) {
            int seen = 0;
            long bytes = 0;
            while (scan.next()) {
                if (seen == SWEEP_BATCH || bytes >= SWEEP_BYTES) {
                    rest = new Sweep(sweep.twin(), sweep.standing(), scan.address(), scan.offset());
                    break;
                }
                seen++;
                bytes += scan.size();
                StoredMessage message = scan.message();
                if (message.undecided()) {
                    EnvelopeHeader header = EnvelopeHeader.scan(message.envelope());
                    Verdict verdict = verdict(header, message.mayNotWait(), sweep.standing());
                    if (verdict != Verdict.KEEP) {
                        decided.add(new Decided(scan.address(), scan.offset(), message, verdict));
                    }
                }
            }
        }
        for (Decided d : decided) {
            AddressQueue queue = twins.known(d.address());
            if (queue != null && queue.session != null) {
                // Connected in the meantime: it is delivered.
                continue;
            }
            if (!settled || (queue != null && !isOffline(queue, nowMs))) {
                // Its gateway may come back, or another owner's may: decided on when that is clear.
                sweep.twin().storedUndecided = true;
            } else {
                remove(queue, d.address(), d.offset(), d.message());
                if (d.verdict() == Verdict.DROP) {
                    counts.dropped++;
                    refusals.drop(d.offset());
                } else {
                    EnvelopeHeader header = EnvelopeHeader.scan(d.message().envelope());
                    refusals.refuse(d.offset(), header, reason(d.verdict()));
                }
            }
        }
        return rest;
    }

    private void remove(
            @Nullable AddressQueue queue, Address address, long offset, StoredMessage message) {
        int size = message.envelope().length;
        counts.deleted++;
        if (queue == null) {
            mailboxes.of(address).delete(offset, size);
        } else {
            queue.mailbox.delete(offset, size);
            room.release(queue, size);
        }
    }
}
