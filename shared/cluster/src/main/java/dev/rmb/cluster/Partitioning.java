package dev.rmb.cluster;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Utils;

/** Which partition a twin lives in. See contracts.md, "Record". */
public final class Partitioning {
    private Partitioning() {}

    /** The key of a record for {@code twin}: u32, big-endian. */
    public static byte[] key(long twin) {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) twin).array();
    }

    /**
     * The twin that a key names.
     *
     * @throws IllegalArgumentException unless the key has four bytes
     */
    public static long twin(byte[] key) {
        if (key.length != 4) {
            throw new IllegalArgumentException("a key has 4 bytes, not " + key.length);
        }
        return Integer.toUnsignedLong(ByteBuffer.wrap(key).getInt());
    }

    /** Kafka's default partition for the key of {@code twin}, from 0. */
    public static int partitionOf(long twin, int partitions) {
        return Utils.toPositive(Utils.murmur2(key(twin))) % partitions;
    }
}
