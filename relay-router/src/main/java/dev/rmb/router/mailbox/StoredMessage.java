package dev.rmb.router.mailbox;

import dev.rmb.cluster.RecordHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message as a mailbox keeps it.
 *
 * @param undecided nobody knows yet whether the address was offline when it came, or whether its
 *     twin exists
 * @param appendTimeMs when the log took it, by the broker's clock
 * @param deadlineMs when it becomes void, by the same clock; equal to {@code appendTimeMs} if it
 *     may not wait at all
 * @param header the record's header as it was written
 */
// Never compared, and a copy of each envelope is what this avoids.
@SuppressWarnings("ArrayRecordComponent")
public record StoredMessage(
        boolean undecided, long appendTimeMs, long deadlineMs, byte[] header, byte[] envelope) {
    private static final byte VERSION = 1;
    private static final byte UNDECIDED = 1;
    private static final int FIXED = 2 + 2 * Long.BYTES + Short.BYTES;

    /** Another relay brought it. */
    public boolean isFederated() {
        return RecordHeader.decode(header).kind() == RecordHeader.Kind.FEDERATED;
    }

    /** It was to be delivered at once or never. */
    public boolean mayNotWait() {
        return deadlineMs <= appendTimeMs;
    }

    /** Version u8, flags u8, append time i64, deadline i64, header length u16, header, envelope. */
    byte[] encode() {
        return ByteBuffer.allocate(FIXED + header.length + envelope.length)
                .put(VERSION)
                .put(undecided ? UNDECIDED : 0)
                .putLong(appendTimeMs)
                .putLong(deadlineMs)
                .putShort((short) header.length)
                .put(header)
                .put(envelope)
                .array();
    }

    static long appendTimeMs(byte[] bytes) {
        return read(bytes).getLong(2);
    }

    static long deadlineMs(byte[] bytes) {
        return read(bytes).getLong(2 + Long.BYTES);
    }

    static int envelopeSize(byte[] bytes) {
        return bytes.length - envelopeAt(read(bytes));
    }

    static StoredMessage decode(byte[] bytes) {
        ByteBuffer in = read(bytes);
        int envelopeAt = envelopeAt(in);
        return new StoredMessage(
                (in.get(1) & UNDECIDED) != 0,
                in.getLong(2),
                in.getLong(2 + Long.BYTES),
                Arrays.copyOfRange(bytes, FIXED, envelopeAt),
                Arrays.copyOfRange(bytes, envelopeAt, bytes.length));
    }

    private static ByteBuffer read(byte[] bytes) {
        if (bytes.length < FIXED || bytes[0] != VERSION) {
            throw new IllegalStateException(
                    "a mailbox holds an entry of an unknown version: downgrades are not possible");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static int envelopeAt(ByteBuffer in) {
        return FIXED + Short.toUnsignedInt(in.getShort(2 + 2 * Long.BYTES));
    }
}
