package dev.rmb.router.stream;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.router.dispatch.Dispatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of the log again that a predecessor had read but was not done with. Belongs to the
 * router; its callers take turns, because a takeover is rare and one consumer is enough.
 */
final class LogReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param group whose committed offsets count; this reader never joins it
     */
    LogReader(KafkaSettings settings, String topic, String group, String clientId) {
        this.topic = topic;
        Map<String, Object> properties = settings.consumer(clientId);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // An offset that was trimmed away is no reason to start over: what is left is read.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Up to where the group has read, once no transaction can change that any more; 0 if it never
     * has. Blocks.
     */
    synchronized long committed(int partition) {
        TopicPartition tp = new TopicPartition(topic, partition);
        OffsetAndMetadata committed = consumer.committed(Set.of(tp), PATIENCE).get(tp);
        return committed == null ? 0 : committed.offset();
    }

    /**
     * Gives the dispatcher everything from its position to {@code end}. Blocks.
     *
     * @throws IllegalStateException if Kafka does not give it in time
     */
    synchronized void replay(int partition, long end, Dispatcher to) {
        if (to.position() >= end) {
            return;
        }
        TopicPartition tp = new TopicPartition(topic, partition);
        consumer.assign(List.of(tp));
        try {
            consumer.seek(tp, to.position());
            long last = System.nanoTime();
            while (consumer.position(tp, PATIENCE) < end) {
                var records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (record.offset() < end) {
                        to.record(
                                record.offset(),
                                record.timestamp(),
                                header(record.headers().lastHeader(RecordHeader.NAME)),
                                record.key(),
                                record.value());
                    }
                }
                if (!records.isEmpty()) {
                    last = System.nanoTime();
                } else if (System.nanoTime() - last > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "%s could not be read again up to %d".formatted(tp, end));
                }
            }
        } finally {
            consumer.unsubscribe();
        }
    }

    /** The value of the header, {@code null} if there is none. */
    static byte @Nullable [] header(@Nullable Header header) {
        return header == null ? null : header.value();
    }

    @Override
    public synchronized void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE));
    }
}
