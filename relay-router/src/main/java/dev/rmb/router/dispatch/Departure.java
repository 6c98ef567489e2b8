package dev.rmb.router.dispatch;

import dev.rmb.router.mailbox.StoredMessage;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The mail of one address that leaves for another relay: there is some, or some was handed over.
 */
final class Departure {
    final AddressQueue queue;

    /** Handed over and not answered, in order; one after the other is POSTed. */
    final ArrayDeque<Out> out = new ArrayDeque<>();

    DepartureLine line;
    State state = State.READY;
    long ticket;

    /** Rounds without an answer of a relay, since the last one. */
    int failures;

    long retryAtMs;

    /** The head was refused for this reason, and the directory is asked whether that can be so. */
    @Nullable Posted doubted;

    /** Somebody connected, and may have been sent what is out: answers do not count any more. */
    boolean interrupted;

    /** Some of its mail must not wait for a relay that is down. */
    boolean urgent;

    enum State {
        /** It has its turn when its line has. */
        READY,
        OUT,
        /** Its relays did not answer. */
        PAUSED,
        /** The directory is asked anew. */
        DOUBTED,
        ENDED
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Out(long offset, StoredMessage message) {}

    Departure(AddressQueue queue, DepartureLine line) {
        this.queue = queue;
        this.line = line;
    }

    /** Whether a relay may have taken the message at {@code offset} already. */
    boolean isOut(long offset) {
        Out first = out.peekFirst();
        Out last = out.peekLast();
        return first != null && last != null && first.offset <= offset && offset <= last.offset;
    }
}
