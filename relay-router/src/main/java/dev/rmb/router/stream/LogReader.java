package dev.rmb.router.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the log beside Kafka Streams: what a predecessor was given and may not have finished. One
 * for each stream thread, because opening a consumer takes longer than all that it reads, and used
 * by that thread alone.
 */
final class LogReader implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;

    /**
     * @param consumer with the group id of the application, which it never joins
     */
    LogReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * The offset from which on nobody has read: the group's committed offset, once no transaction
     * is open that may still change it.
     *
     * @return empty if the group never committed one, or its commits have expired
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not tell in time
     */
    OptionalLong committed(TopicPartition partition, Duration patience) {
        OffsetAndMetadata committed =
                consumer.committed(Set.of(partition), patience).get(partition);
        return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
    }

    long beginning(TopicPartition partition, Duration patience) {
        return offset(consumer.beginningOffsets(List.of(partition), patience), partition);
    }

    long end(TopicPartition partition, Duration patience) {
        return offset(consumer.endOffsets(List.of(partition), patience), partition);
    }

    /** Goes to an offset, or to the first one that the log still has. */
    void seek(TopicPartition partition, long offset) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
    }

    List<ConsumerRecord<byte[], byte[]>> poll(TopicPartition partition, Duration patience) {
        return consumer.poll(patience).records(partition);
    }

    /** Up to where {@link #poll} has read. */
    long position(TopicPartition partition, Duration patience) {
        return consumer.position(partition, patience);
    }

    /** Reads nothing until the next {@link #seek}. */
    void rest() {
        consumer.unsubscribe();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE));
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        return offset == null ? 0 : offset;
    }
}
