package dev.rmb.cluster.bans;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicFollower;
import dev.rmb.proto.cluster.BanRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Bans as they stand in {@code rmb.settings}, followed and changed. Thread-safe; owns threads,
 * stopped by {@link #close}. While Kafka is away what was known holds.
 */
public final class BanTopic implements AutoCloseable {
    /** Other settings of the topic have other names. */
    private static final String PREFIX = "ban/";

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String topic;
    private final Bans bans;
    private final TopicFollower follower;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiters =
            new ConcurrentSkipListMap<>();
    private volatile long shown = -1;

    private BanTopic(KafkaSettings settings, String topic, String pod, Clock clock) {
        this.topic = topic;
        this.bans = new Bans(clock);
        this.follower = new TopicFollower(settings, topic, pod + "-settings", new Records());
        this.producer =
                new KafkaProducer<>(
                        settings.producer(pod + "-settings-writer"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Begins to follow.
     *
     * @param topic full name of the settings topic; must exist
     * @param pod names threads and clients
     */
    public static BanTopic start(KafkaSettings settings, String topic, String pod, Clock clock) {
        var started = new BanTopic(settings, topic, pod, clock);
        started.follower.start();
        return started;
    }

    /** What is known. */
    public Bans bans() {
        return bans;
    }

    /** Completes when the bans that existed at the start are known. */
    public CompletionStage<Void> caughtUp() {
        return follower.caughtUp();
    }

    /**
     * Bans, everywhere.
     *
     * @return completes when the brokers have it and it holds in this process; fails with {@link
     *     KafkaException}. May block while Kafka is away, at most the producer's {@code
     *     max.block.ms}
     */
    public CompletionStage<Void> put(Ban ban) {
        BanRecord.Builder record = BanRecord.newBuilder().setSinceMs(ban.since().toEpochMilli());
        if (ban.reason() != null) {
            record.setReason(ban.reason());
        }
        if (ban.expires() != null) {
            record.setExpiresMs(ban.expires().toEpochMilli());
        }
        return write(ban.target(), record.build().toByteArray());
    }

    /** Takes a ban back, everywhere; like {@link #put}. */
    public CompletionStage<Void> remove(BanTarget target) {
        return write(target, null);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        follower.close();
    }

    private CompletionStage<Void> write(BanTarget target, byte @Nullable [] value) {
        byte[] key = (PREFIX + target).getBytes(StandardCharsets.UTF_8);
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, key, value),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    whenShown(metadata.offset(), done);
                                } else {
                                    done.completeExceptionally(failure);
                                }
                            });
        } catch (KafkaException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    private void whenShown(long offset, CompletableFuture<Void> done) {
        waiters.put(offset, done);
        completeShown();
    }

    private void completeShown() {
        var reached = waiters.headMap(shown, true);
        while (!reached.isEmpty()) {
            var first = reached.pollFirstEntry();
            if (first != null) {
                first.getValue().complete(null);
            }
        }
    }

    private final class Records implements TopicFollower.Handler {
        /** While the topic is read from its beginning again: what it holds now. */
        private @Nullable Map<BanTarget, Ban> reading;

        @Override
        public void accept(long offset, byte[] key, byte @Nullable [] value) {
            try {
                apply(new String(key, StandardCharsets.UTF_8), value);
            } finally {
                shown = offset;
                completeShown();
            }
        }

        @Override
        public void restarted() {
            reading = new HashMap<>();
            shown = -1;
        }

        @Override
        public void caughtUp() {
            Map<BanTarget, Ban> read = reading;
            if (read != null) {
                reading = null;
                bans.replaceAll(read.values());
            }
        }

        private void apply(String name, byte @Nullable [] value) {
            if (!name.startsWith(PREFIX)) {
                return;
            }
            BanTarget target;
            try {
                target = BanTarget.parse(name.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                throw new UnknownRecordException("a ban of nobody that is known here: " + name);
            }
            Map<BanTarget, Ban> into = reading;
            if (value == null) {
                if (into == null) {
                    bans.remove(target);
                } else {
                    into.remove(target);
                }
                return;
            }
            Ban ban = decoded(target, value);
            if (into == null) {
                bans.put(ban);
            } else {
                into.put(target, ban);
            }
        }
    }

    private static Ban decoded(BanTarget target, byte[] value) {
        try {
            BanRecord record = BanRecord.parseFrom(value);
            return new Ban(
                    target,
                    record.hasReason() ? record.getReason() : null,
                    Instant.ofEpochMilli(record.getSinceMs()),
                    record.hasExpiresMs() ? Instant.ofEpochMilli(record.getExpiresMs()) : null);
        } catch (InvalidProtocolBufferException e) {
            throw new UnknownRecordException("a ban that cannot be parsed");
        }
    }
}
