package dev.rmb.gateway.accept;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log in Kafka: one producer for the whole gateway, called by the event loops themselves. It
 * never blocks them: the topic's metadata is there before the first envelope, and its buffers are
 * larger than what the callers may have under way.
 */
public final class KafkaEnvelopeLog implements EnvelopeLog {
    private static final Logger log = LoggerFactory.getLogger(KafkaEnvelopeLog.class);

    private static final Duration FOREVER = Duration.ofDays(3650);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final long METADATA_PAUSE_MS = 20;
    private static final long RETRY_MS = 50;

    /** A request is given up and repeated well before the envelope's own time-out. */
    private static final int REQUESTS_PER_TIMEOUT = 3;

    /** Batches of one partition that can be under way, and one that is being filled. */
    private static final int BATCHES_PER_PARTITION = 6;

    private static final int BATCH_BYTES = 16 * 1024;

    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final long timeoutNanos;
    private final ScheduledExecutorService retries;

    /** Records that wait for the producer to know the topic, oldest first; its own lock. */
    private final Queue<Handover> held = new ArrayDeque<>();

    private volatile boolean holding;
    private volatile Stamp stamp = new Stamp(0);

    private KafkaEnvelopeLog(
            String topic,
            int partitions,
            KafkaProducer<byte[], byte[]> producer,
            String name,
            Duration timeout) {
        this.topic = topic;
        this.partitions = partitions;
        this.producer = producer;
        this.timeoutNanos = timeout.toNanos();
        this.retries =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(name + "-log").daemon().factory());
    }

    /**
     * Returns when envelopes can be sent. Blocks its caller: for start-up only.
     *
     * @param topic full name; must exist, with a leader for each partition
     * @param overshoot bytes by which callers may exceed the in-flight limit together
     * @param patience how long Kafka may stay away
     * @throws IllegalStateException if it did not answer in time, or the topic is another one than
     *     the settings say
     */
    public static KafkaEnvelopeLog start(
            KafkaSettings kafka,
            AcceptSettings settings,
            String topic,
            String clientId,
            long overshoot,
            Duration patience) {
        Map<String, Object> properties = kafka.producer(clientId);
        long timeoutMs = settings.timeout().toMillis();
        long lingerMs = settings.linger().toMillis();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, FOREVER.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeoutMs);
        properties.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) ((timeoutMs - lingerMs) / REQUESTS_PER_TIMEOUT));
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        // Batches are closed when the next record does not fit, so up to half of one may be wasted.
        properties.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                2 * (settings.inFlight().toBytes() + overshoot)
                        + (long) kafka.partitions() * BATCHES_PER_PARTITION * BATCH_BYTES);
        var producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            int found = awaitMetadata(producer, topic, patience).size();
            if (found != kafka.partitions()) {
                throw new IllegalStateException(
                        "topic %s has %d partitions where the configuration says %d"
                                .formatted(topic, found, kafka.partitions()));
            }
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
        return new KafkaEnvelopeLog(
                topic, kafka.partitions(), producer, clientId, settings.timeout());
    }

    private static List<PartitionInfo> awaitMetadata(
            KafkaProducer<byte[], byte[]> producer, String topic, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return producer.partitionsFor(topic);
            } catch (TimeoutException e) {
                // Without blocking time the first call only asks; the answer comes meanwhile.
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            "Kafka did not describe topic %s within %d s: check kafka.bootstrap.servers and that the broker runs"
                                    .formatted(topic, patience.toSeconds()),
                            e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(METADATA_PAUSE_MS));
            }
        }
    }

    @Override
    public void send(
            RecordHeader.Kind kind,
            long destination,
            byte[] envelope,
            long ingressMs,
            Receipt receipt) {
        var handover =
                new Handover(
                        new ProducerRecord<>(
                                topic,
                                Partitioning.partitionOf(destination, partitions),
                                null,
                                Partitioning.key(destination),
                                envelope,
                                stampOf(ingressMs).of(kind)),
                        receipt);
        if (holding) {
            hold(handover);
        } else {
            Exception refusal = attempt(handover);
            if (refusal instanceof TimeoutException) {
                hold(handover);
            } else if (refusal != null) {
                handover.refused(refusal);
            }
        }
    }

    @Override
    public void close() {
        retries.shutdownNow();
        producer.close(CLOSE);
        synchronized (held) {
            Handover next;
            while ((next = held.poll()) != null) {
                next.refused(new IllegalStateException("the gateway stops"));
            }
        }
    }

    /** Returns why the producer refused, or {@code null} if it took the record. */
    private @Nullable Exception attempt(Handover handover) {
        try {
            var _ = producer.send(handover.begin(), handover);
            return handover.end();
        } catch (KafkaException | IllegalStateException e) {
            return e;
        }
    }

    /**
     * Keeps a record until the producer knows the topic again: it forgets it when it has lost all
     * brokers. What comes meanwhile queues up behind, so that the order stays; callers bound it, as
     * it counts as under way.
     */
    private void hold(Handover handover) {
        handover.hold(System.nanoTime());
        synchronized (held) {
            held.add(handover);
            if (!holding) {
                holding = true;
                log.warn("Kafka cannot be reached: envelopes wait");
                retryLater();
            }
        }
    }

    private void retryLater() {
        try {
            var _ = retries.schedule(this::retry, RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Held envelopes are not tried again: the gateway stops");
        }
    }

    private void retry() {
        synchronized (held) {
            boolean known = topicIsKnown();
            long now = System.nanoTime();
            Handover next;
            while ((next = held.peek()) != null) {
                Exception refusal = known ? attempt(next) : new TimeoutException("unknown topic");
                if (refusal instanceof TimeoutException) {
                    known = false;
                    if (next.heldFor(now) < timeoutNanos) {
                        break;
                    }
                }
                held.poll();
                if (refusal != null) {
                    next.refused(refusal);
                }
            }
            if (known) {
                holding = false;
                log.info("Envelopes are taken again");
            } else {
                retryLater();
            }
        }
    }

    private boolean topicIsKnown() {
        try {
            return !producer.partitionsFor(topic).isEmpty();
        } catch (KafkaException | IllegalStateException e) {
            return false;
        }
    }

    /** The header of every envelope of one millisecond is the same one. */
    private Stamp stampOf(long ingressMs) {
        Stamp last = stamp;
        if (last.ingressMs != ingressMs) {
            last = new Stamp(ingressMs);
            stamp = last;
        }
        return last;
    }

    private static final class Stamp {
        final long ingressMs;
        final List<Header> peer;
        final List<Header> federated;

        Stamp(long ingressMs) {
            this.ingressMs = ingressMs;
            this.peer = List.of(new StampHeader(RecordHeader.Kind.PEER, ingressMs));
            this.federated = List.of(new StampHeader(RecordHeader.Kind.FEDERATED, ingressMs));
        }

        List<Header> of(RecordHeader.Kind kind) {
            return switch (kind) {
                case PEER -> peer;
                case FEDERATED -> federated;
                case RELAY -> throw new IllegalArgumentException("a gateway makes no messages");
            };
        }
    }

    /** Immutable, unlike Kafka's own: many records on several threads share it. */
    private static final class StampHeader implements Header {
        private final byte[] value;

        StampHeader(RecordHeader.Kind kind, long ingressMs) {
            this.value = new RecordHeader(kind, ingressMs).encode();
        }

        @Override
        public String key() {
            return RecordHeader.NAME;
        }

        @Override
        public byte[] value() {
            return value;
        }
    }
}
