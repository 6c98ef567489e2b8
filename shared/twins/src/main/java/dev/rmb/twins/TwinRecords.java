package dev.rmb.twins;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.proto.cluster.TwinRecord;
import dev.rmb.protocol.identity.AccountId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How twins stand in the topic: the key is the id, u32 big-endian, and a deleted twin is a
 * tombstone. The key 0, which is no twin's, holds the highest id ever given, so that the id of a
 * deleted twin, to which messages may still be on their way, is not given again.
 */
final class TwinRecords {
    static final long HIGHEST_ID_KEY = 0;

    private TwinRecords() {}

    static String topic(KafkaSettings settings) {
        return settings.name("twins");
    }

    static byte[] key(long id) {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) id).array();
    }

    static byte[] value(Twin twin) {
        TwinRecord.Builder builder =
                TwinRecord.newBuilder()
                        .setId((int) twin.id())
                        .setAccount(ByteString.copyFrom(twin.account().bytes()));
        String relay = twin.relay();
        if (relay != null) {
            builder.setRelay(relay);
        }
        byte[] pk = twin.pk();
        if (pk != null) {
            builder.setPk(ByteString.copyFrom(pk));
        }
        return builder.build().toByteArray();
    }

    static byte[] highestId(long id) {
        return TwinRecord.newBuilder().setId((int) id).build().toByteArray();
    }

    /**
     * Whose record has this key.
     *
     * @throws IllegalArgumentException if it is no twin's
     */
    static long idOf(byte @Nullable [] key) {
        if (key == null || key.length != Integer.BYTES) {
            throw new IllegalArgumentException(
                    key == null
                            ? "a record without a key is no twin's"
                            : "a key of " + key.length + " bytes is no twin's");
        }
        return Integer.toUnsignedLong(ByteBuffer.wrap(key).getInt());
    }

    /**
     * Puts one record of the topic into {@code table}.
     *
     * @return the highest id that the record speaks of
     * @throws IllegalArgumentException if the record is none of ours
     */
    static long apply(TwinTable table, byte @Nullable [] key, byte @Nullable [] value) {
        long id = idOf(key);
        if (value == null) {
            table.remove(id);
            return id;
        }
        TwinRecord record = parse(value);
        if (id == HIGHEST_ID_KEY) {
            return Integer.toUnsignedLong(record.getId());
        }
        if (Integer.toUnsignedLong(record.getId()) != id) {
            throw new IllegalArgumentException(
                    "the record of twin " + id + " speaks of " + record.getId());
        }
        table.put(
                new Twin(
                        id,
                        AccountId.of(record.getAccount().toByteArray()),
                        record.hasRelay() ? record.getRelay() : null,
                        record.hasPk() ? record.getPk().toByteArray() : null));
        return id;
    }

    private static TwinRecord parse(byte[] value) {
        try {
            return TwinRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is no twin's record", e);
        }
    }
}
