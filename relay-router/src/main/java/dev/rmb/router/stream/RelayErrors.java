package dev.rmb.router.stream;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.router.mailbox.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells requesters that a message is not delivered: a record of its own in the log, for the
 * requester's address. Written outside the transactions of Kafka Streams, so that nobody reads
 * behind an open one (delivery.md, 4). Thread-safe.
 */
final class RelayErrors implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RelayErrors.class);

    /** Relay errors have the code 0, and their text says it all; see contracts.md. */
    private static final int CODE = 0;

    /**
     * Stream threads never wait here: what finds the buffer full, or Kafka unknown, is not
     * accepted, and its owner tries again a second later.
     */
    private static final long MAX_BLOCK_MS = 0;

    /** Longer than any pause between two errors: the topic's leaders stay known. */
    private static final long METADATA_IDLE_MS = Duration.ofDays(30).toMillis();

    private static final long BUFFER_BYTES = 32L << 20;
    private static final int LINGER_MS = 5;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String topic;
    private final Clock clock;
    private final Producer<byte[], byte[]> producer;
    private final Counter sent;
    private final Counter failed;

    RelayErrors(
            KafkaSettings kafka, String name, String topic, MetricRegistry metrics, Clock clock) {
        this.topic = topic;
        this.clock = clock;
        var properties = kafka.producer(name + "-errors");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, METADATA_IDLE_MS);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.sent = metrics.counter("rmb_router_errors_sent_total");
        this.failed = metrics.counter("rmb_router_errors_failed_total");
        askForLeaders();
    }

    /** Or the first error would not be accepted. The answer comes on the producer's own thread. */
    private void askForLeaders() {
        try {
            var _ = producer.partitionsFor(topic);
        } catch (TimeoutException e) {
            log.debug("The leaders of {} will be known soon", topic, e);
        }
    }

    /**
     * Sends the answer.
     *
     * @param accepted hears whether the log has it, on any thread
     */
    void send(Refusal refusal, Consumer<Boolean> accepted) {
        Address requester = refusal.requester();
        long nowMs = clock.millis();
        byte[] envelope =
                Envelopes.relayError(refusal.uid(), requester, CODE, refusal.text(), nowMs / 1_000)
                        .toByteArray();
        var header = new RecordHeader(RecordHeader.Kind.RELAY, nowMs);
        var record =
                new ProducerRecord<>(
                        topic, null, null, Partitioning.key(requester.twin()), envelope, List.of());
        record.headers().add(RecordHeader.NAME, header.encode());
        try {
            var _ =
                    producer.send(
                            record,
                            (_, failure) -> {
                                (failure == null ? sent : failed).inc();
                                // Trying again would not make it smaller.
                                accepted.accept(
                                        failure == null
                                                || failure instanceof RecordTooLargeException);
                            });
        } catch (KafkaException e) {
            failed.inc();
            accepted.accept(false);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
