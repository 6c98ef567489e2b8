package dev.rmb.cluster.ownership;

import dev.rmb.kafka.KafkaSettings;
import dev.rmb.proto.cluster.OwnerRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes a router's claims and releases to {@code rmb.owners}. Thread-safe. */
public final class ClaimLog implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String topic;
    private final String endpoint;
    private final String router;
    private final long incarnation;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @param topic full name of the owners topic
     * @param endpoint where this router's link listens
     */
    public ClaimLog(
            KafkaSettings settings,
            String topic,
            String endpoint,
            String router,
            long incarnation) {
        this.topic = topic;
        this.endpoint = endpoint;
        this.router = router;
        this.incarnation = incarnation;
        this.producer =
                new KafkaProducer<>(
                        settings.producer(router + "-claims"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Has the producer ask for the topic, which the first claim would wait for. Blocks its caller,
     * at most the producer's {@code max.block.ms}.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not tell in time
     */
    public void warmUp() {
        var _ = producer.partitionsFor(topic);
    }

    /**
     * Claims a partition anew. May block while Kafka is away, at most the producer's {@code
     * max.block.ms}.
     *
     * @return the claim's epoch, once all in-sync replicas have it
     */
    public CompletionStage<Long> claim(int partition) {
        return write(partition, record().build());
    }

    /** Ends the claim of that epoch, unless a newer one exists. */
    public CompletionStage<Long> release(int partition, long epoch) {
        return write(partition, record().setReleasedEpoch(epoch).build());
    }

    /** Waits a few seconds for what is being written. */
    @Override
    public void close() {
        producer.close(CLOSE);
    }

    private OwnerRecord.Builder record() {
        return OwnerRecord.newBuilder()
                .setEndpoint(endpoint)
                .setRouter(router)
                .setIncarnation(incarnation);
    }

    private CompletionStage<Long> write(int partition, OwnerRecord owner) {
        byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(partition).array();
        CompletableFuture<Long> written = new CompletableFuture<>();
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, key, owner.toByteArray()),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    written.complete(metadata.offset());
                                } else {
                                    written.completeExceptionally(failure);
                                }
                            });
        } catch (KafkaException e) {
            written.completeExceptionally(e);
        }
        return written;
    }
}
