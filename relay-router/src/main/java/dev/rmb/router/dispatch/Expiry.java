package dev.rmb.router.dispatch;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.MessageScan;
import dev.rmb.router.mailbox.Round;
import dev.rmb.router.mailbox.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the mailboxes what has expired (delivery.md, 8).
 *
 * <p>It goes round all mailboxes, at a bounded pace, when a deadline has passed; the first round of
 * an owner also counts what is there. An index by deadline would say where to look, but would cost
 * a write more for each message that is stored and one more for each that is delivered, while most
 * messages never expire. What a round has not come to yet is not delivered either: that is looked
 * at when a mailbox is drained.
 */
final class Expiry {
    /** Messages and bytes read before anything else has its turn. */
    private static final int SHARE = 256;

    private static final long SHARE_BYTES = 1 << 20;

    /** Messages each millisecond: a few per cent of a processor at most. */
    private static final long PACE = 20;

    /** The first round, which counts, may take more. */
    private static final long COUNTING_PACE = 100;

    /** What was not used is saved up for so long. */
    private static final long SAVED_MS = 50;

    /** Between the beginnings of two rounds. */
    private static final long LEAST_MS = 1_000;

    /** A round is made without need, so that the age of the oldest message is known. */
    private static final long REFRESH_MS = 60_000;

    /** What may not wait at all may still be on its way to another relay for so long. */
    private static final long AT_ONCE_MS = 3_000;

    private final Mailboxes mailboxes;
    private final Round round;
    private final Twins twins;
    private final Room room;
    private final Deadlines deadlines;
    private final Offline offline;
    private final Refusals refusals;
    private final Counts counts;
    private boolean isUnderWay;
    private long beganMs;
    private long tickMs;

    /** By which mail expires. */
    private long wallMs;

    /** How many messages may be read now. */
    private long allowance;

    private long oldestSoFarMs = Long.MAX_VALUE;
    private long oldestMs = Long.MAX_VALUE;

    private record Due(Address address, long offset, StoredMessage message) {}

    Expiry(
            Mailboxes mailboxes,
            Twins twins,
            Room room,
            Deadlines deadlines,
            Offline offline,
            Refusals refusals,
            Counts counts,
            Now now) {
        this.mailboxes = mailboxes;
        this.round = mailboxes.round();
        this.twins = twins;
        this.room = room;
        this.deadlines = deadlines;
        this.offline = offline;
        this.refusals = refusals;
        this.counts = counts;
        this.beganMs = now.monotonicMs() - LEAST_MS;
        this.tickMs = now.monotonicMs();
        this.wallMs = now.wallMs();
    }

    void tick(Now now) {
        long nowMs = now.monotonicMs();
        long pace = mailboxes.stock().isCounted() ? PACE : COUNTING_PACE;
        long passed = Math.clamp(nowMs - tickMs, 0, SAVED_MS);
        allowance = Math.min(allowance + passed * pace, SAVED_MS * pace);
        tickMs = nowMs;
        wallMs = now.wallMs();
    }

    /**
     * Goes on with a round, or begins one if that is due.
     *
     * @return whether there is more that could be done now
     */
    boolean work(long nowMs) {
        if (allowance <= 0 || (!isUnderWay && !isDue(nowMs))) {
            return false;
        }
        if (!isUnderWay) {
            isUnderWay = true;
            beganMs = nowMs;
            oldestSoFarMs = Long.MAX_VALUE;
            deadlines.forget();
        }
        List<Due> due = new ArrayList<>();
        int read =
                round.share((int) Math.min(SHARE, allowance), SHARE_BYTES, scan -> look(scan, due));
        allowance -= Math.max(read, 1);
        for (Due d : due) {
            expire(d, nowMs);
        }
        if (round.isComplete()) {
            isUnderWay = false;
            oldestMs = oldestSoFarMs;
        }
        return isUnderWay && allowance > 0;
    }

    /** How long the oldest message in a mailbox was there, when that was last looked at. */
    long oldestAgeMs() {
        return oldestMs == Long.MAX_VALUE || mailboxes.stock().depth().messages() == 0
                ? 0
                : Math.max(0, wallMs - oldestMs);
    }

    /**
     * Whether a stored message is not to be sent any more. Zero time to live means "now or never",
     * and is kept for a session that was there when it came, as what was sent before its link was
     * lost is.
     */
    boolean isVoid(Session session, long offset, MessageScan scan) {
        long deadlineMs = scan.deadlineMs();
        return deadlineMs <= wallMs
                && offset > session.resumesTo
                && (deadlineMs > scan.appendTimeMs() || !wasThere(session, offset, scan));
    }

    /** Whether a session was connected when a message came, for all that this owner knows. */
    private static boolean wasThere(Session session, long offset, MessageScan scan) {
        return offset >= session.firstOffset || session.connectedAtMs <= scan.appendTimeMs();
    }

    /** Whether a stored message is not to be sent to another relay any more. */
    boolean isVoidElsewhere(MessageScan scan) {
        return scan.deadlineMs() <= wallMs
                && (scan.deadlineMs() > scan.appendTimeMs()
                        || scan.appendTimeMs() + AT_ONCE_MS <= wallMs);
    }

    /** It is under way to another relay, or about to be. */
    private boolean isLeaving(AddressQueue queue, long offset, StoredMessage message) {
        return queue.departure != null
                && (queue.departure.isOut(offset)
                        || (message.mayNotWait() && message.appendTimeMs() + AT_ONCE_MS > wallMs));
    }

    /** The message is void, and goes. Nobody is told of what another relay has accepted. */
    void remove(AddressQueue queue, long offset, StoredMessage message) {
        queue.mailbox.delete(offset, message.envelope().length);
        room.release(queue, message.envelope().length);
        if (offset <= queue.acceptedElsewhereTo) {
            counts.deleted++;
        } else {
            tell(offset, message);
        }
    }

    private boolean isDue(long nowMs) {
        if (!mailboxes.stock().isCounted()) {
            return true;
        }
        return nowMs - beganMs >= LEAST_MS
                && mailboxes.stock().depth().messages() > 0
                && (deadlines.isReached(wallMs) || nowMs - beganMs >= REFRESH_MS);
    }

    private void look(MessageScan scan, List<Due> due) {
        long deadlineMs = scan.deadlineMs();
        if (deadlineMs <= wallMs) {
            due.add(new Due(scan.address(), scan.offset(), scan.message()));
        } else {
            deadlines.heard(deadlineMs);
        }
        oldestSoFarMs = Math.min(oldestSoFarMs, scan.appendTimeMs());
    }

    private void expire(Due due, long nowMs) {
        AddressQueue queue = twins.known(due.address());
        if (queue != null
                && (queue.isInFlight(due.offset())
                        || isLeaving(queue, due.offset(), due.message()))) {
            // Heard of again when it goes back to the mailbox, or is not under way any more.
            if (queue.departure != null) {
                deadlines.heard(due.message().deadlineMs());
            }
            return;
        }
        boolean isResumed =
                queue != null && queue.isResumed(due.offset()) && !offline.isOffline(queue, nowMs);
        if (isResumed
                || !offline.isSettled()
                || (due.message().mayNotWait() && !isGivenUp(due, queue, nowMs))) {
            deadlines.heard(due.message().deadlineMs());
        } else if (queue != null) {
            remove(queue, due.offset(), due.message());
        } else {
            mailboxes.of(due.address()).delete(due.offset(), due.message().envelope().length);
            tell(due.offset(), due.message());
        }
    }

    /** Whether a message that may not wait met nobody, and no decision on it is pending. */
    private boolean isGivenUp(Due due, @Nullable AddressQueue queue, long nowMs) {
        if (queue != null && !offline.isOffline(queue, nowMs)) {
            return false;
        }
        TwinQueues twin = twins.find(due.address().twin());
        boolean isPending = twin != null && (twin.storedUndecided || twin.sweeps > 0);
        return !(isPending && due.message().undecided());
    }

    private void tell(long offset, StoredMessage message) {
        counts.deleted++;
        if (message.mayNotWait()) {
            counts.dropped++;
            refusals.drop(offset);
        } else {
            refusals.refuse(offset, EnvelopeHeader.scan(message.envelope()), Reason.EXPIRED);
        }
    }
}
