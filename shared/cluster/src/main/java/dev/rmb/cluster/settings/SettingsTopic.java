package dev.rmb.cluster.settings;

import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicFollower;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings as they stand in {@code rmb.settings}, of all kinds: followed by one thread, changed
 * by one producer, both stopped by {@link #close}. Thread-safe. While Kafka is away what was known
 * holds.
 */
public final class SettingsTopic implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SettingsTopic.class);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** Whoever sets something waits for it, beside waiting for its confirmation. */
    private static final Duration BLOCK = Duration.ofSeconds(3);

    private final String topic;
    private final TopicFollower follower;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Kind<?>> kinds = new ArrayList<>();
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiters =
            new ConcurrentSkipListMap<>();
    private volatile long shown = -1;

    /**
     * @param topic full name of the settings topic; must exist
     * @param pod names threads and clients
     */
    public SettingsTopic(KafkaSettings settings, String topic, String pod) {
        this.topic = topic;
        this.follower = new TopicFollower(settings, topic, pod + "-settings", new Records());
        Map<String, Object> writing = settings.producer(pod + "-settings-writer");
        writing.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK.toMillis());
        this.producer =
                new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Tells of the settings of a kind; before the start.
     *
     * @param prefix of their names
     */
    public <V> void follow(String prefix, SettingsKind<V> kind) {
        kinds.add(new Kind<>(prefix, kind));
    }

    /** Begins to follow. */
    public void start() {
        follower.start();
    }

    /** Completes when the settings that existed at the start are known. */
    public CompletionStage<Void> caughtUp() {
        return follower.caughtUp();
    }

    /**
     * Sets something, everywhere.
     *
     * @param name with its prefix
     * @return completes when the brokers have it and it holds in this process; fails with {@link
     *     KafkaException}. May block while Kafka is away, at most {@link #BLOCK}
     */
    public CompletionStage<Void> put(String name, byte[] value) {
        return write(name, value);
    }

    /** Takes it back, everywhere; like {@link #put}. */
    public CompletionStage<Void> remove(String name) {
        return write(name, null);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        follower.close();
    }

    private CompletionStage<Void> write(String name, byte @Nullable [] value) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
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
        @Override
        public void accept(long offset, byte[] key, byte @Nullable [] value) {
            String name = new String(key, StandardCharsets.UTF_8);
            try {
                for (Kind<?> kind : kinds) {
                    if (name.startsWith(kind.prefix)) {
                        kind.apply(offset, name.substring(kind.prefix.length()), value);
                    }
                }
            } finally {
                shown = offset;
                completeShown();
            }
        }

        @Override
        public void restarted() {
            kinds.forEach(Kind::restarted);
            shown = -1;
        }

        @Override
        public void caughtUp() {
            kinds.forEach(Kind::caughtUp);
        }
    }

    private final class Kind<V> {
        private final String prefix;
        private final SettingsKind<V> settings;

        /** While the topic is read from its beginning again: what it holds now. */
        private @Nullable Map<String, V> reading;

        Kind(String prefix, SettingsKind<V> settings) {
            this.prefix = prefix;
            this.settings = settings;
        }

        void apply(long offset, String name, byte @Nullable [] value) {
            Map<String, V> into = reading;
            V setting = value == null ? null : read(offset, name, value);
            if (into != null) {
                if (setting == null) {
                    into.remove(name);
                } else {
                    into.put(name, setting);
                }
            } else if (setting != null) {
                settings.put(setting);
            } else {
                takeBack(name);
            }
        }

        /**
         * {@code null} if it cannot be read: all pods, and those that start later, agree on that.
         */
        private @Nullable V read(long offset, String name, byte[] value) {
            try {
                return settings.decoded(name, value);
            } catch (UnknownRecordException e) {
                log.warn(
                        "The setting {}{} (offset {} of {}) cannot be read and counts as taken back:"
                                + " {}; set it again over the admin API if it should hold",
                        prefix,
                        name,
                        offset,
                        topic,
                        e.getMessage());
                return null;
            }
        }

        private void takeBack(String name) {
            try {
                settings.remove(name);
            } catch (UnknownRecordException e) {
                log.debug("A setting {}{} that is not known here was taken back", prefix, name);
            }
        }

        void restarted() {
            reading = new LinkedHashMap<>();
        }

        void caughtUp() {
            Map<String, V> read = reading;
            if (read != null) {
                reading = null;
                settings.replaceAll(read.values());
            }
        }
    }
}
