package dev.rmb.cluster.members;

import dev.rmb.kafka.KafkaSettings;
import dev.rmb.proto.cluster.MemberRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster once a second that this pod is alive, and at {@link #close} that it leaves.
 * Owns a thread.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** A heartbeat that takes longer than others wait for it is given up. */
    private static final Duration REQUEST = Duration.ofSeconds(2);

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String topic;
    private final Member self;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Void> first = new CompletableFuture<>();

    /** When the last one that Kafka has was sent, on the clock of {@link System#nanoTime}. */
    private volatile long heardNanos;

    /**
     * @param topic full name of the members topic
     */
    public Heartbeat(KafkaSettings settings, String topic, Member self) {
        this.topic = topic;
        this.self = self;
        var properties = settings.producer(self.pod() + "-heartbeat");
        // A heartbeat that is late is of no use: the next one follows.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, INTERVAL.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        properties.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) Members.DEAD_AFTER.toMillis());
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(self.pod() + "-heartbeat").daemon().factory());
    }

    /** Returns what completes once Kafka has the first one. */
    public CompletionStage<Void> start() {
        var _ =
                timer.scheduleAtFixedRate(
                        () -> send(false), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return first;
    }

    /**
     * Whether the cluster counts this pod among the living, as far as this pod can tell: Kafka took
     * a heartbeat lately. Idle or busy, this is how a pod notices that Kafka is away.
     */
    public boolean isHeard() {
        return first.isDone() && System.nanoTime() - heardNanos < Members.DEAD_AFTER.toNanos();
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (timer.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                send(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE);
    }

    private void send(boolean leaving) {
        MemberRecord.Builder record =
                MemberRecord.newBuilder()
                        .setIncarnation(self.incarnation())
                        .setVersion(self.version())
                        .setAdminEndpoint(self.adminEndpoint())
                        .setLeaving(leaving);
        for (Member.Role role : self.roles()) {
            record.addRoles(
                    switch (role) {
                        case GATEWAY -> MemberRecord.Role.GATEWAY;
                        case ROUTER -> MemberRecord.Role.ROUTER;
                    });
        }
        long sentNanos = System.nanoTime();
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    self.pod().getBytes(StandardCharsets.UTF_8),
                                    record.build().toByteArray()),
                            (_, failure) -> {
                                if (failure == null) {
                                    heardNanos = sentNanos;
                                    first.complete(null);
                                }
                            });
        } catch (KafkaException e) {
            log.debug("A heartbeat could not be sent: {}", e.toString());
        }
    }

    static Member member(String pod, MemberRecord record) {
        Set<Member.Role> roles = EnumSet.noneOf(Member.Role.class);
        for (MemberRecord.Role role : record.getRolesList()) {
            switch (role) {
                case GATEWAY -> roles.add(Member.Role.GATEWAY);
                case ROUTER -> roles.add(Member.Role.ROUTER);
                // A role of a newer version: this pod has no use for it.
                case ROLE_UNSPECIFIED, UNRECOGNIZED -> {}
            }
        }
        return new Member(
                pod,
                roles,
                record.getIncarnation(),
                record.getVersion(),
                record.getAdminEndpoint());
    }
}
