package dev.rmb.kafka;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether a topic is still the one it was: one that was deleted and made again
 * has the same name and other records. Asks without waiting; for one thread.
 */
final class TopicIdentity implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final TopicIds ids;
    private @Nullable UUID known;

    TopicIdentity(KafkaSettings settings, String topic, String clientId) {
        this.ids = new TopicIds(settings, clientId, topic, LOOK);
    }

    /** Whether since the last call the topic was found to be another one than before. */
    boolean changed(long nowNanos) {
        UUID before = known;
        known = ids.latest(TimeUnit.NANOSECONDS.toMillis(nowNanos));
        return before != null && !before.equals(known);
    }

    @Override
    public void close() {
        ids.close();
    }
}
