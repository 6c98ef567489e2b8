package dev.rmb.router.stream;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.router.mailbox.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the relay's errors for requesters into the log. Outside the tasks' transactions, so that
 * nobody has to wait behind an open one (delivery.md, 4). Thread-safe, never blocks.
 */
final class RelayAnswers implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** The relay's own errors have no number (contracts.md, "Relay error texts"). */
    private static final int CODE = 0;

    private final String topic;
    private final Clock clock;
    private final KafkaProducer<byte[], byte[]> producer;

    RelayAnswers(KafkaSettings settings, String topic, String clientId, Clock clock) {
        this.topic = topic;
        this.clock = clock;
        var properties = settings.producer(clientId);
        // Its callers are stream threads; what does not fit now is tried again later.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends an error to the requester.
     *
     * @param accepted called once, on any thread, with whether the log has it
     */
    void send(Refusal refusal, Consumer<Boolean> accepted) {
        long now = clock.millis();
        byte[] error =
                Envelopes.relayError(
                                refusal.uid(),
                                refusal.requester(),
                                CODE,
                                refusal.text(),
                                TimeUnit.MILLISECONDS.toSeconds(now))
                        .toByteArray();
        Header header =
                new org.apache.kafka.common.header.internals.RecordHeader(
                        RecordHeader.NAME,
                        new RecordHeader(RecordHeader.Kind.RELAY, now).encode());
        byte[] key = Partitioning.key(refusal.requester().twin());
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    null,
                                    null,
                                    key,
                                    error,
                                    new RecordHeaders(List.of(header))),
                            (_, failure) -> accepted.accept(failure == null));
        } catch (KafkaException | IllegalStateException e) {
            accepted.accept(false);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
