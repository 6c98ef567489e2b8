package dev.rmb.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's id of a topic: one that was deleted and made again has the same name and other records.
 * Thread-safe.
 */
public final class TopicIds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicIds.class);

    private static final int ANSWER_MS = 5_000;

    private final String topic;
    private final long lookMs;
    private final Admin admin;
    private @Nullable UUID known;
    private @Nullable KafkaFuture<TopicDescription> asked;
    private long askedMs;

    /**
     * @param look between two questions that nobody waits for
     */
    public TopicIds(KafkaSettings kafka, String clientId, String topic, Duration look) {
        this.topic = topic;
        this.lookMs = look.toMillis();
        this.admin = Admin.create(kafka.admin(clientId));
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws TimeoutException if Kafka does not tell in time, or the topic is not there now
     */
    public UUID ask(Duration patience) {
        try {
            UUID found = id(describe().get(patience.toMillis(), TimeUnit.MILLISECONDS));
            synchronized (this) {
                known = found;
                asked = null;
            }
            return found;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("the id of topic " + topic + " could not be read", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * What is known without waiting; {@code null} if nothing is.
     *
     * @param nowMs of a clock that never goes back
     */
    public synchronized @Nullable UUID latest(long nowMs) {
        KafkaFuture<TopicDescription> question = asked;
        if (question == null) {
            if (known == null || nowMs - askedMs >= lookMs) {
                askedMs = nowMs;
                asked = describe();
            }
        } else if (question.isDone()) {
            asked = null;
            try {
                known = id(question.get());
            } catch (ExecutionException e) {
                // Kafka is away, or the topic is, for now: whoever reads it says so.
                log.debug("Topic {} could not be looked at", topic, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return known;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private KafkaFuture<TopicDescription> describe() {
        return Objects.requireNonNull(
                admin.describeTopics(
                                List.of(topic), new DescribeTopicsOptions().timeoutMs(ANSWER_MS))
                        .topicNameValues()
                        .get(topic));
    }

    private static UUID id(TopicDescription description) {
        return new UUID(
                description.topicId().getMostSignificantBits(),
                description.topicId().getLeastSignificantBits());
    }
}
