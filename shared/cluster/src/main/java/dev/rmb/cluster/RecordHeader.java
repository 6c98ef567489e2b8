package dev.rmb.cluster;

import java.nio.ByteBuffer;

/**
 * What an envelope's record says beside the envelope: one binary Kafka header. Version u8, kind u8,
 * ingress time i64, big-endian. Later versions append, so longer headers of version 1 are read. See
 * contracts.md, "Record".
 *
 * @param ingressMs milliseconds since the epoch, by the clock of the process that took the envelope
 */
public record RecordHeader(Kind kind, long ingressMs) {
    /** The header's name in the record. */
    public static final String NAME = "rmb";

    /** Bytes of version 1. */
    public static final int SIZE = 10;

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

    public byte[] encode() {
        return ByteBuffer.allocate(SIZE).put(VERSION).put(kind.code).putLong(ingressMs).array();
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
        return new RecordHeader(Kind.of(bytes[1]), ByteBuffer.wrap(bytes).getLong(2));
    }
}
