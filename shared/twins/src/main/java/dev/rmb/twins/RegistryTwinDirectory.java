package dev.rmb.twins;

import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicFollower;
import dev.rmb.protocol.identity.AccountId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The relay's own registry, read from its Kafka topic into memory and followed from then on. A
 * change made by any pod shows here as soon as Kafka has it. While Kafka is away it answers with
 * what it knew. {@link TwinRegistry} makes the changes.
 */
public final class RegistryTwinDirectory implements TwinDirectory, TwinListing {
    /** How long a look-up waits for the topic to be read at the start. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Replaced at once when a topic that was made anew is read: until then the old one answers. */
    private volatile TwinTable twins = new TwinTable();

    private final TwinWatchers watchers = new TwinWatchers();
    private final TopicFollower follower;
    private final CompletableFuture<Void> caughtUp;
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiters =
            new ConcurrentSkipListMap<>();
    private volatile long lastOffset = -1;

    private RegistryTwinDirectory(KafkaSettings settings) {
        this.follower =
                new TopicFollower(
                        settings,
                        TwinRecords.topic(settings),
                        "twins-follower",
                        new RegistryRecords());
        this.caughtUp = follower.caughtUp().toCompletableFuture();
    }

    /** Begins to read. The topic should exist; where it does not, its making is awaited. */
    public static RegistryTwinDirectory start(KafkaSettings settings) {
        var directory = new RegistryTwinDirectory(settings);
        directory.follower.start();
        return directory;
    }

    private final class RegistryRecords implements TopicFollower.Handler {
        private TwinTable reading = twins;

        @Override
        public void accept(long offset, byte[] key, byte @Nullable [] value) {
            try {
                long id = TwinRecords.idOf(key);
                TwinRecords.apply(reading, key, value);
                if (id != TwinRecords.HIGHEST_ID_KEY) {
                    watchers.changed(id);
                }
            } finally {
                lastOffset = offset;
                completeUpTo(offset);
            }
        }

        @Override
        public void restarted() {
            reading = new TwinTable();
            lastOffset = -1;
        }

        @Override
        public void caughtUp() {
            twins = reading;
            watchers.allChanged();
        }
    }

    /**
     * Completes when everything that was in the topic at the start is known; look-ups before that
     * wait for it.
     */
    public CompletionStage<Void> caughtUp() {
        return caughtUp.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Optional<Twin>> byId(long id) {
        return answer(() -> twins.byId(id));
    }

    @Override
    public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
        return answer(() -> twins.byAccount(account));
    }

    private CompletionStage<Optional<Twin>> answer(Supplier<Optional<Twin>> lookUp) {
        if (caughtUp.isDone() && !caughtUp.isCompletedExceptionally()) {
            return CompletableFuture.completedStage(lookUp.get());
        }
        return caughtUp.copy()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .handle((ignored, failure) -> {
                    if (failure != null) {
                        throw DirectoryException.retryable(
                                "the registry of twins is not read yet", failure);
                    }
                    return lookUp.get();
                });
    }

    @Override
    public Watch watch(TwinWatcher watcher) {
        return watchers.add(watcher);
    }

    @Override
    public TwinPage list(long cursor, int limit) {
        // Half of them would pass for all.
        if (!caughtUp.isDone() || caughtUp.isCompletedExceptionally()) {
            throw DirectoryException.retryable("the registry of twins is not read yet", null);
        }
        return twins.list(cursor, limit);
    }

    /**
     * Completes when the record at {@code offset} of the topic, and all before it, show here;
     * never, if they never do.
     */
    CompletionStage<Void> shown(long offset) {
        CompletableFuture<Void> waiter =
                waiters.computeIfAbsent(offset, o -> new CompletableFuture<>());
        completeUpTo(lastOffset);
        return waiter.minimalCompletionStage();
    }

    private void completeUpTo(long offset) {
        var reached = waiters.headMap(offset, true);
        while (!reached.isEmpty()) {
            var first = reached.pollFirstEntry();
            if (first != null) {
                first.getValue().complete(null);
            }
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
