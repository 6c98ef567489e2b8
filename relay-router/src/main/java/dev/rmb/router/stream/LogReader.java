package dev.rmb.router.stream;

import dev.rmb.kafka.TopicIds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log beside Kafka Streams: what a predecessor was given and may not have finished. One
 * for each stream thread, because opening a consumer takes longer than all that it reads, and used
 * by that thread alone.
 */
final class LogReader implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private static final long NOWHERE = -1;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicIds ids;
    private @Nullable TopicPartition assigned;
    private long position = NOWHERE;

    /**
     * Some of the log.
     *
     * @param position behind them
     */
    record Read(List<ConsumerRecord<byte[], byte[]>> records, long position) {}

    /**
     * @param consumer with the group id of the application, which it never joins
     */
    LogReader(Consumer<byte[], byte[]> consumer, TopicIds ids) {
        this.consumer = consumer;
        this.ids = ids;
    }

    /**
     * The offset from which on nobody has read: the group's committed offset, once no transaction
     * is open that may still change it.
     *
     * @return {@code null} if the group never committed one, or its commits have expired
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not tell in time
     */
    @Nullable OffsetAndMetadata committed(TopicPartition partition, Duration patience) {
        return consumer.committed(Set.of(partition), patience).get(partition);
    }

    /**
     * Up to where the log is the one in which that offset was committed: there, or before if it was
     * cut since, also if it has grown again. The brokers know by their leaders' epochs.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException also if the topic is another one, to
     *     which the epoch means nothing
     */
    long whole(TopicPartition partition, OffsetAndMetadata committed, Duration patience) {
        assign(partition);
        consumer.seek(partition, committed);
        position = NOWHERE;
        return consumer.position(partition, patience);
    }

    /** The topic's id. */
    UUID topic(Duration patience) {
        return ids.ask(patience);
    }

    /** Behind the last offset that the log has. */
    long end(TopicPartition partition, Duration patience) {
        assign(partition);
        return offset(consumer.endOffsets(List.of(partition), patience), partition);
    }

    /**
     * Reads on from an offset, or from the first one that the log still has.
     *
     * @param from where the last call got to, or anywhere else
     */
    Read read(TopicPartition partition, long from, Duration patience) {
        assign(partition);
        if (position != from) {
            consumer.seek(partition, from);
        }
        position = NOWHERE;
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(patience).records(partition);
        position = consumer.position(partition, patience);
        return new Read(records, position);
    }

    /** Holds no partition until it is used again. */
    void rest() {
        consumer.unsubscribe();
        assigned = null;
        position = NOWHERE;
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE));
    }

    /** Takes turns: takeovers of several partitions go on side by side. */
    private void assign(TopicPartition partition) {
        if (!partition.equals(assigned)) {
            consumer.assign(List.of(partition));
            assigned = partition;
            position = NOWHERE;
        }
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        return offset == null ? 0 : offset;
    }
}
