package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.router.mailbox.StoredMessage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message that is in memory, or in flight. It is in at most one {@link MessageList}. */
final class Message {
    private static final byte[] NOTHING = {};

    final AddressQueue queue;

    /** {@link RouterMessage.Deliver#NOT_LOGGED} while it is known by an offer only. */
    long offset;

    long appendTimeMs;
    long deadlineMs;

    /** When this process read it, or took its offer. */
    long readMs;

    /** Of the envelope; known also when the envelope is in the store only. */
    final int size;

    private byte[] header;
    private byte @Nullable [] envelope;

    /** Which record it will be, or was expected to be; of an offer that was not logged. */
    private @Nullable Origin offered;

    /**
     * An offer that counts no more: only its number is still under way. What is known of the
     * message elsewhere, if anything, has its place in the queue.
     */
    boolean isGhost;

    /** The session that confirmed it before its record was read. */
    long confirmedBy;

    /** Of the delivery in flight; 0 if it is not in flight. */
    long number;

    boolean stored;

    /** It came out of a mailbox, where it had waited for its receiver. */
    boolean drained;

    /** Acknowledged, stored or answered: the watermark may pass it. */
    boolean settled;

    @Nullable Message next;

    Message(
            AddressQueue queue,
            long offset,
            long appendTimeMs,
            long deadlineMs,
            long readMs,
            byte[] header,
            byte[] envelope) {
        this.queue = queue;
        this.offset = offset;
        this.appendTimeMs = appendTimeMs;
        this.deadlineMs = deadlineMs;
        this.readMs = readMs;
        this.size = envelope.length;
        this.header = header;
        this.envelope = envelope;
    }

    /** A message that was read from its mailbox, to be sent at once. */
    static Message drained(AddressQueue queue, long offset, long nowMs, StoredMessage stored) {
        Message message =
                new Message(
                        queue,
                        offset,
                        stored.appendTimeMs(),
                        stored.deadlineMs(),
                        nowMs,
                        stored.header(),
                        stored.envelope());
        message.stored = true;
        message.drained = true;
        message.settled = true;
        return message;
    }

    /**
     * An offer that is delivered beside the log. It has no offset, waits for its record, and keeps
     * no envelope: if its session ends before, the record brings it again.
     */
    static Message offered(AddressQueue queue, Origin origin, long nowMs, byte[] envelope) {
        Message message =
                new Message(
                        queue,
                        RouterMessage.Deliver.NOT_LOGGED,
                        nowMs,
                        Long.MAX_VALUE,
                        nowMs,
                        NOTHING,
                        envelope);
        message.offered = origin;
        return message;
    }

    /** The record of the offer was read: from now on it is a message like any other. */
    void logged(Message record) {
        offset = record.offset;
        appendTimeMs = record.appendTimeMs;
        deadlineMs = record.deadlineMs;
        readMs = record.readMs;
        header = record.header;
        envelope = record.envelope;
        offered = null;
    }

    boolean isLogged() {
        return offered == null;
    }

    /** Which record it is; {@code null} if that does not say. */
    @Nullable Origin origin() {
        return offered == null ? RecordHeader.origin(header) : offered;
    }

    /** Another relay brought it. */
    boolean isFederated() {
        return RecordHeader.decode(header).kind() == RecordHeader.Kind.FEDERATED;
    }

    boolean mayNotWait() {
        return deadlineMs <= appendTimeMs;
    }

    boolean isInFlight() {
        return number > 0;
    }

    /** Of its record. */
    byte[] header() {
        return header;
    }

    byte[] envelope() {
        return Objects.requireNonNull(envelope, "the envelope is in the store only");
    }

    boolean hasEnvelope() {
        return envelope != null;
    }

    void dropEnvelope() {
        envelope = null;
    }

    StoredMessage toStore(boolean undecided) {
        return new StoredMessage(undecided, appendTimeMs, deadlineMs, header, envelope());
    }
}
