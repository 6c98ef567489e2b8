package dev.rmb.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
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
 *
 * <p>A topic that was deleted and made again is read from its beginning (delivery.md, 5): it is
 * known by its id, and by offsets that go back.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(10);
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

        /**
         * The topic is another one now, under the same name: nothing that was heard before counts,
         * and what comes next is its first record. Called on the follower's thread.
         */
        default void restarted() {}

        /**
         * Everything that was in the topic when it began to be read has been handled: once after
         * the start, and once after each {@link #restarted}. Called on the follower's thread.
         */
        default void caughtUp() {}
    }

    private final String topic;
    private final Handler handler;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicIdentity identity;
    private final Thread thread;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private volatile boolean closed;

    // Belong to the thread.
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private @Nullable Map<TopicPartition, Long> missing;
    private boolean behind = true;
    private @Nullable String trouble;

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
        this.identity = new TopicIdentity(settings, topic, threadName + "-identity");
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
            identity.close();
        }
    }

    private void run() {
        try (consumer;
                identity) {
            boolean assigned = false;
            while (!closed) {
                try {
                    if (!assigned) {
                        assigned = assign();
                    } else {
                        follow();
                    }
                    trouble = null;
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

    private boolean assign() {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, ANSWER);
        if (partitions == null || partitions.isEmpty()) {
            pause();
            return false;
        }
        consumer.assign(
                partitions.stream().map(p -> new TopicPartition(topic, p.partition())).toList());
        fromBeginning();
        return true;
    }

    private void fromBeginning() {
        next.clear();
        missing = null;
        behind = true;
        consumer.seekToBeginning(consumer.assignment());
    }

    private void follow() {
        if (identity.changed(System.nanoTime())) {
            restart();
        }
        if (missing == null) {
            missing = consumer.endOffsets(consumer.assignment(), ANSWER);
        }
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (hasGoneBack(records)) {
            restart();
            return;
        }
        records.forEach(this::handle);
        if (behind && missing != null && reached(missing)) {
            behind = false;
            caughtUp.complete(null);
            handler.caughtUp();
        }
    }

    private void restart() {
        log.warn("Topic {} was made anew and is read from its beginning", topic);
        fromBeginning();
        handler.restarted();
    }

    /** A consumer that finds the end before its place begins anew, and says nothing. */
    private boolean hasGoneBack(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            long first = records.records(partition).get(0).offset();
            if (first < next.getOrDefault(partition, 0L)) {
                return true;
            }
        }
        return false;
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
        next.put(new TopicPartition(topic, record.partition()), record.offset() + 1);
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

    /** The same trouble is told once, until it is over. */
    private void retryLater(KafkaException e) {
        String now = e.toString();
        if (!now.equals(trouble)) {
            trouble = now;
            if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
                log.error("Kafka refuses this process to read {}; trying again: {}", topic, now);
            } else {
                log.warn("Following {} failed, trying again: {}", topic, now);
            }
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
