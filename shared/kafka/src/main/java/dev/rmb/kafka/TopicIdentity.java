package dev.rmb.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether a topic is still the one it was: one that was deleted and made again
 * has the same name and other records. Asks without waiting; for one thread.
 */
final class TopicIdentity implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicIdentity.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int ANSWER_MS = 5_000;

    private final String topic;
    private final Admin admin;
    private @Nullable Uuid known;
    private @Nullable KafkaFuture<TopicDescription> asked;
    private long askedNanos;

    TopicIdentity(KafkaSettings settings, String topic, String clientId) {
        this.topic = topic;
        this.admin = Admin.create(settings.admin(clientId));
    }

    /** Whether since the last call the topic was found to be another one than before. */
    boolean changed(long nowNanos) {
        if (asked == null) {
            if (known == null || nowNanos - askedNanos >= LOOK.toNanos()) {
                askedNanos = nowNanos;
                asked =
                        admin.describeTopics(
                                        List.of(topic),
                                        new DescribeTopicsOptions().timeoutMs(ANSWER_MS))
                                .topicNameValues()
                                .get(topic);
            }
            return false;
        }
        if (!asked.isDone()) {
            return false;
        }
        Uuid found = answer(asked);
        asked = null;
        boolean isAnother = found != null && known != null && !found.equals(known);
        known = found == null ? known : found;
        return isAnother;
    }

    private @Nullable Uuid answer(KafkaFuture<TopicDescription> done) {
        try {
            return done.get().topicId();
        } catch (ExecutionException e) {
            // Kafka is away, or the topic is, for now: whoever reads it says so.
            log.debug("Topic {} could not be looked at", topic, e.getCause());
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
