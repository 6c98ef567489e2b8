package dev.rmb.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a small topic from its beginning and keeps following it. Owns one thread, on which the
 * handler runs; {@link #close} stops it. Trouble with Kafka is retried without end, because nothing
 * better can be done: what was read so far stays valid.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long RETRY_MS = 500;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** Takes each record once, in order of its partition. Must not block for long. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called on the follower's thread. What it throws is logged, and the record passed by.
         *
         * @param value {@code null}: the key was deleted
         */
        void accept(long offset, byte[] key, byte @Nullable [] value);
    }

    private final String topic;
    private final Handler handler;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * @param topic full name; must exist
     * @param threadName names the thread and the client
     */
    public TopicFollower(KafkaSettings settings, String topic, String threadName, Handler handler) {
        this.topic = topic;
        this.handler = handler;
        Map<String, Object> properties = settings.consumer(threadName);
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::run, threadName);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /**
     * Completes when everything that was in the topic at the start has been handled; fails when the
     * follower is closed before.
     */
    public CompletionStage<Void> caughtUp() {
        return caughtUp.minimalCompletionStage();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        if (thread.isAlive()) {
            try {
                thread.join(CLOSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            consumer.close();
        }
    }

    private void run() {
        try (consumer) {
            while (!closed && !assigned()) {
                pause();
            }
            Map<TopicPartition, Long> missing = null;
            while (!closed) {
                try {
                    if (missing == null) {
                        missing = consumer.endOffsets(consumer.assignment());
                    }
                    consumer.poll(POLL).forEach(this::handle);
                    if (!caughtUp.isDone() && reached(missing)) {
                        caughtUp.complete(null);
                    }
                } catch (WakeupException | InterruptException e) {
                    // Somebody closes this follower; the loop's condition decides.
                } catch (KafkaException e) {
                    retryLater(e);
                }
            }
        } catch (WakeupException | InterruptException e) {
            log.debug("Following {} ended while connecting", topic);
        } finally {
            caughtUp.completeExceptionally(
                    new IllegalStateException("following " + topic + " was stopped"));
        }
    }

    private boolean assigned() {
        try {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            if (partitions == null || partitions.isEmpty()) {
                return false;
            }
            consumer.assign(
                    partitions.stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList());
            consumer.seekToBeginning(consumer.assignment());
            return true;
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            retryLater(e);
            return false;
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (consumer.position(end.getKey(), POLL) < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    private void handle(ConsumerRecord<byte[], byte[]> record) {
        try {
            handler.accept(record.offset(), record.key(), record.value());
        } catch (RuntimeException e) {
            log.error(
                    "Record {} of {}-{} was passed by: it could not be read",
                    record.offset(),
                    topic,
                    record.partition(),
                    e);
        }
    }

    private void retryLater(KafkaException e) {
        if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
            log.error("Kafka refuses this process to read {}; trying again", topic, e);
        } else {
            log.warn("Following {} failed, trying again: {}", topic, e.toString());
        }
        pause();
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }
}
