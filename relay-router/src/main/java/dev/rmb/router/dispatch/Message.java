package dev.rmb.router.dispatch;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.router.mailbox.StoredMessage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message that is in memory, or in flight. It is in at most one {@link MessageList}. */
final class Message {
    final AddressQueue queue;
    final long offset;
    final long appendTimeMs;
    final long deadlineMs;

    /** When this process read it. */
    final long readMs;

    /** Of the envelope; known also when the envelope is in the store only. */
    final int size;

    private final byte[] header;
    private byte @Nullable [] envelope;

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
