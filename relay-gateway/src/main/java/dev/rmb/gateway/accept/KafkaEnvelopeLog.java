package dev.rmb.gateway.accept;

import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.offers.Sender;
import dev.rmb.kafka.KafkaSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
public final class KafkaEnvelopeLog implements EnvelopeLog, Lane.Producer {
    private static final Logger log = LoggerFactory.getLogger(KafkaEnvelopeLog.class);

    private static final Duration FOREVER = Duration.ofDays(3650);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final long METADATA_PAUSE_MS = 20;
    private static final long RETRY_MS = 50;

    /** A request is given up and repeated well before the envelope's own time-out. */
    private static final int REQUESTS_PER_TIMEOUT = 3;

    /** Batches of one partition that can be under way, and one that is being filled. */
    private static final int BATCHES_PER_PARTITION = 6;

    /**
     * Measured: with 16 KiB, Kafka's default, a message costs a third more under full load; more
     * than this is not filled any more.
     */
    static final int MAX_BATCH_BYTES = 128 * 1024;

    private static final int MIN_BATCH_BYTES = 16 * 1024;

    /** A batch takes its memory when it is begun; so much for all together, if there are many. */
    private static final int BATCHES_BYTES = 48 << 20;

    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final long timeoutNanos;
    private final ScheduledExecutorService retries;

    /** Records that wait for the producer to know the topic, oldest first; its own lock. */
    private final Queue<Handover> held = new ArrayDeque<>();

    /** By partition; none if nothing is offered beside the log. */
    private final List<Lane> lanes;

    private final long waitNanos;
    private final AtomicBoolean releasing = new AtomicBoolean();
    private final AtomicBoolean isFirstAway = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean holding;
    private volatile Stamp stamp = new Stamp(0);

    private KafkaEnvelopeLog(
            String topic,
            int partitions,
            KafkaProducer<byte[], byte[]> producer,
            String name,
            Duration timeout,
            int maxWaiting,
            Offering offering) {
        this.topic = topic;
        this.partitions = partitions;
        this.producer = producer;
        this.timeoutNanos = timeout.toNanos();
        this.retries =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(name + "-log").daemon().factory());
        this.waitNanos = offering.settings().linger().toNanos();
        this.lanes = offering.isEnabled() ? lanes(maxWaiting, offering) : List.of();
    }

    private List<Lane> lanes(int maxWaiting, Offering offering) {
        // Never 0, never used again: a producer of its own for each start of the process.
        long writer = new SecureRandom().nextLong() | 1;
        List<Lane> made = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            made.add(new Lane(partition, writer, topic, maxWaiting, offering, this));
        }
        offering.whenAwaited(partition -> releaseLater(made.get(partition)));
        return List.copyOf(made);
    }

    /**
     * Returns when envelopes can be sent. Blocks its caller: for start-up only.
     *
     * @param topic full name; must exist, with a leader for each partition
     * @param offering tells whether envelopes are offered beside the log, and does it
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
            Offering offering,
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
        int batches = kafka.partitions() * BATCHES_PER_PARTITION;
        int batchBytes = Math.clamp(BATCHES_BYTES / batches, MIN_BATCH_BYTES, MAX_BATCH_BYTES);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, batchBytes);
        // Batches are closed when the next record does not fit, so up to half of one may be wasted.
        properties.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                2 * (settings.inFlight().toBytes() + overshoot) + (long) batches * batchBytes);
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
                topic,
                kafka.partitions(),
                producer,
                clientId,
                settings.timeout(),
                batchBytes,
                offering);
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
            long destination, byte[] envelope, long ingressMs, Sender sender, Receipt receipt) {
        if (lanes.isEmpty()) {
            send(RecordHeader.Kind.PEER, destination, envelope, ingressMs, receipt);
        } else {
            lanes.get(Partitioning.partitionOf(destination, partitions))
                    .send(destination, envelope, ingressMs, sender, receipt);
        }
    }

    @Override
    public void send(
            RecordHeader.Kind kind,
            long destination,
            byte[] envelope,
            long ingressMs,
            Receipt receipt) {
        if (!lanes.isEmpty()) {
            lanes.get(Partitioning.partitionOf(destination, partitions))
                    .pass(kind, destination, envelope, ingressMs, receipt);
            return;
        }
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
        var _ = take(handover);
    }

    @Override
    public boolean take(Handover handover) {
        if (holding) {
            hold(handover);
            return false;
        }
        Exception refusal = attempt(handover);
        if (refusal instanceof TimeoutException) {
            hold(handover);
        } else if (refusal != null) {
            handover.refused(refusal);
        }
        return refusal == null;
    }

    @Override
    public boolean isAway() {
        return holding;
    }

    @Override
    public boolean waits() {
        if (!releasing.get() && releasing.compareAndSet(false, true)) {
            try {
                var _ = retries.schedule(this::releaseSome, waitNanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("Nothing waits for a full batch any more: the gateway stops");
            }
        }
        // Set before the last release, under the lane's lock: what asks later is told so.
        return !closed;
    }

    /**
     * One record goes first, and what else waits is handed over when that one is back, on the
     * producer's own thread: it sends whatever it finds as soon as a batch is begun, so what
     * another thread hands over leaves in many small requests, while itself it sends only
     * afterwards. If the first one is not back in time, the others wait no longer.
     */
    private void releaseSome() {
        releasing.set(false);
        if (isFirstAway.getAndSet(true)) {
            releaseRest();
            return;
        }
        for (Lane lane : lanes) {
            if (lane.holdsBack()) {
                if (lane.releaseFirst(this::releaseRest)) {
                    var _ = waits();
                } else {
                    releaseRest();
                }
                return;
            }
        }
        isFirstAway.set(false);
    }

    private void releaseRest() {
        isFirstAway.set(false);
        lanes.forEach(Lane::release);
    }

    private void releaseLater(Lane lane) {
        if (!lane.holdsBack()) {
            return;
        }
        try {
            retries.execute(lane::release);
        } catch (RejectedExecutionException e) {
            log.debug("What waits for a full batch is released by the end of the gateway");
        }
    }

    @Override
    public void close() {
        closed = true;
        retries.shutdownNow();
        lanes.forEach(Lane::release);
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
