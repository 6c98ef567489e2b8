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

    /** The last session, if it did not end: its link was lost, and may come back. */
    private @Nullable Session lost;

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

    /**
     * Its session is gone, and nobody has decided on what is stored since: it must not be
     * forgotten.
     */
    boolean awaitsDecision;

    /** While its mail leaves for another relay, or may. */
    @Nullable Departure departure;

    /**
     * Another relay has accepted what is stored up to this offset, while somebody was connected
     * here who may have been sent it, too.
     */
    long acceptedElsewhereTo = -1;

    /** What waits for it, wherever; known while its twin is counted. */
    long messages;

    long bytes;

    AddressQueue(TwinQueues twin, Mailbox mailbox, boolean isEmpty) {
        this.twin = twin;
        this.address = mailbox.address();
        this.mailbox = mailbox;
        this.restIsEmpty = isEmpty;
    }

    /** Whether forgetting it loses nothing that is not quickly read from the store again. */
    boolean isIdle(long nowMs) {
        return session == null
                && departure == null
                && (restIsEmpty || (twin.elsewhere == null && !awaitsDecision))
                && waiting.isEmpty()
                && !inLine
                && graceUntilMs <= nowMs
                && !(twin.isCounted && !Room.isLittle(messages, bytes));
    }

    /** The rest begins at {@code offset} or before. */
    void restFrom(long offset) {
        cursor = restIsEmpty ? offset : Math.min(cursor, offset);
        restIsEmpty = false;
    }

    /** The session's link is gone. To be called before what is in flight is taken from it. */
    void lose(Session gone) {
        Message last = gone.inFlight.last();
        if (last != null) {
            gone.resumesTo = Math.max(gone.resumesTo, last.offset);
        }
        session = null;
        lost = gone;
        awaitsDecision = true;
    }

    /** The session has ended. */
    void leave() {
        session = null;
        awaitsDecision = true;
    }

    /** A session begins, or goes on over another link. */
    void attach(Session attached) {
        if (lost != null && lost.id == attached.id) {
            attached.firstOffset = lost.firstOffset;
            attached.resumesTo = lost.resumesTo;
        }
        lost = null;
        session = attached;
        awaitsDecision = false;
        if (departure != null) {
            departure.interrupted = true;
        }
    }

    /** Whether what is stored at {@code offset} goes to a session that was sent it before. */
    boolean isResumed(long offset) {
        Session to = session == null ? lost : session;
        return to != null && offset <= to.resumesTo;
    }

    /** Whether what is stored at {@code offset} is in flight, or another relay may have it. */
    boolean isUnderWay(long offset) {
        return isInFlight(offset) || (departure != null && departure.isOut(offset));
    }

    /** Whether what is stored at {@code offset} is in flight. */
    boolean isInFlight(long offset) {
        return session != null && (restIsEmpty || offset < cursor);
    }
}
