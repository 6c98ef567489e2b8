package dev.rmb.cluster.trace;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a message in the log, from one time to another. Reads that part of one partition, in
 * bounded time, with a consumer that belongs to no group. Thread-safe; blocks its caller.
 */
public final class LogSearch {
    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** Senders may use a uid again and again. */
    private static final int MAX_HITS = 16;

    /** Each costs memory and a connection or two. */
    private static final int AT_ONCE = 2;

    private final KafkaSettings kafka;
    private final String topic;
    private final String clientId;
    private final Semaphore free = new Semaphore(AT_ONCE);

    /**
     * @param topic full name of the log
     * @param pod names the clients
     */
    public LogSearch(KafkaSettings kafka, String topic, String pod) {
        this.kafka = kafka;
        this.topic = topic;
        this.clientId = pod + "-trace";
    }

    /**
     * A message that was found.
     *
     * @param acceptedMs when the log took it, by the brokers' clock
     * @param ingressMs when a gateway took it, by its own; 0 if that is not known
     * @param relayMade whether a relay wrote it, in answer to a request
     */
    public record Hit(
            long offset,
            long acceptedMs,
            long ingressMs,
            boolean relayMade,
            EnvelopeHeader.Kind kind,
            @Nullable Address source,
            Address destination,
            int bytes) {}

    /**
     * What came of a search.
     *
     * @param read records that were looked at
     * @param isComplete whether that was all of the time range
     */
    public record Found(int partition, List<Hit> hits, long read, boolean isComplete) {}

    /**
     * Searches; at most a few seconds.
     *
     * @param destination an address without connection finds messages to all of the twin
     * @return {@code null} if enough others are searching
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public @Nullable Found find(String uid, Address destination, Instant from, Instant to) {
        if (!free.tryAcquire()) {
            return null;
        }
        try (var consumer =
                new ClosingConsumer(
                        new KafkaConsumer<>(
                                kafka.consumer(clientId),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer()))) {
            return find(consumer.consumer(), uid, destination, from, to);
        } finally {
            free.release();
        }
    }

    private Found find(
            KafkaConsumer<byte[], byte[]> consumer,
            String uid,
            Address destination,
            Instant from,
            Instant to) {
        long deadline = System.nanoTime() + BUDGET.toNanos();
        var partition =
                new TopicPartition(
                        topic, Partitioning.partitionOf(destination.twin(), kafka.partitions()));
        consumer.assign(List.of(partition));
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(partition, from.toEpochMilli()), BUDGET)
                        .get(partition);
        @Nullable Long last = consumer.endOffsets(List.of(partition), BUDGET).get(partition);
        List<Hit> hits = new ArrayList<>();
        if (first == null || last == null) {
            return new Found(partition.partition(), hits, 0, true);
        }
        long end = last;
        byte[] key = Partitioning.key(destination.twin());
        consumer.seek(partition, first.offset());
        long read = 0;
        while (consumer.position(partition, POLL) < end) {
            if (System.nanoTime() - deadline > 0) {
                return new Found(partition.partition(), hits, read, false);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                if (record.offset() >= end || record.timestamp() > to.toEpochMilli()) {
                    return new Found(partition.partition(), hits, read, true);
                }
                read++;
                Hit hit = Arrays.equals(record.key(), key) ? hit(record, uid, destination) : null;
                if (hit != null) {
                    hits.add(hit);
                }
                if (hits.size() == MAX_HITS) {
                    return new Found(partition.partition(), hits, read, false);
                }
            }
        }
        return new Found(partition.partition(), hits, read, true);
    }

    private static @Nullable Hit hit(
            ConsumerRecord<byte[], byte[]> record, String uid, Address wanted) {
        if (record.value() == null) {
            return null;
        }
        try {
            EnvelopeHeader header = EnvelopeHeader.scan(record.value());
            Address destination = header.destination();
            if (destination == null
                    || !header.uid().equals(uid)
                    || (wanted.connection() != null && !wanted.equals(destination))) {
                return null;
            }
            RecordHeader stamp = stamp(record.headers().lastHeader(RecordHeader.NAME));
            return new Hit(
                    record.offset(),
                    record.timestamp(),
                    stamp == null ? 0 : stamp.ingressMs(),
                    stamp != null && stamp.kind() == RecordHeader.Kind.RELAY,
                    header.kind(),
                    header.source(),
                    destination,
                    record.value().length);
        } catch (MalformedEnvelopeException e) {
            return null;
        }
    }

    private static @Nullable RecordHeader stamp(@Nullable Header header) {
        try {
            return header == null ? null : RecordHeader.decode(header.value());
        } catch (UnknownRecordException e) {
            return null;
        }
    }

    /** Does not wait long for brokers that do not answer. */
    private record ClosingConsumer(KafkaConsumer<byte[], byte[]> consumer)
            implements AutoCloseable {
        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }
}
