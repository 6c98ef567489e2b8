package dev.rmb.cluster;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope's record says beside the envelope: one binary Kafka header. Version u8, kind u8,
 * ingress time i64, and, where the record was offered beside the log, writer u64 and sequence i64;
 * all big-endian. Later versions append, so longer headers of version 1 are read, and those that
 * end before the writer, too. See contracts.md, "Record".
 *
 * @param ingressMs milliseconds since the epoch, by the clock of the process that took the envelope
 * @param origin {@code null} if the record does not say
 */
public record RecordHeader(Kind kind, long ingressMs, @Nullable Origin origin) {
    /** The header's name in the record. */
    public static final String NAME = "rmb";

    /** Bytes of version 1, at least. */
    public static final int SIZE = 10;

    /** Bytes of version 1 with an origin. */
    public static final int SIZE_WITH_ORIGIN = 26;

    private static final byte VERSION = 1;

    /** Where an envelope came from. */
    public enum Kind {
        /** From a client's session. */
        PEER(0),
        /** From another relay. */
        FEDERATED(1),
        /** Made by a relay process: an error for a requester. */
        RELAY(2);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Kind of(byte code) {
            return switch (code) {
                case 0 -> PEER;
                case 1 -> FEDERATED;
                case 2 -> RELAY;
                default -> throw new UnknownRecordException("record kind " + code);
            };
        }
    }

    /** A header that does not say which record it is. */
    public RecordHeader(Kind kind, long ingressMs) {
        this(kind, ingressMs, null);
    }

    public byte[] encode() {
        ByteBuffer encoded =
                ByteBuffer.allocate(origin == null ? SIZE : SIZE_WITH_ORIGIN)
                        .put(VERSION)
                        .put(kind.code)
                        .putLong(ingressMs);
        return origin == null
                ? encoded.array()
                : encoded.putLong(origin.writer()).putLong(origin.sequence()).array();
    }

    /**
     * Reads a header.
     *
     * @throws UnknownRecordException if the version or kind is not one that this code knows: the
     *     record is counted and parked, never dropped
     */
    public static RecordHeader decode(byte[] bytes) {
        if (bytes.length < SIZE || bytes[0] != VERSION) {
            throw new UnknownRecordException(
                    bytes.length == 0
                            ? "empty header"
                            : "header version %d of %d bytes".formatted(bytes[0], bytes.length));
        }
        return new RecordHeader(
                Kind.of(bytes[1]), ByteBuffer.wrap(bytes).getLong(2), origin(bytes));
    }

    /** Which record an encoded header belongs to; {@code null} if it does not say. */
    public static @Nullable Origin origin(byte[] bytes) {
        if (bytes.length < SIZE_WITH_ORIGIN) {
            return null;
        }
        ByteBuffer encoded = ByteBuffer.wrap(bytes);
        long writer = encoded.getLong(SIZE);
        long sequence = encoded.getLong(SIZE + Long.BYTES);
        return writer == 0 || sequence < 1 ? null : new Origin(writer, sequence);
    }
}
