package dev.rmb.router.stream;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the copies of mailboxes that this router keeps are behind. Only the brokers know where
 * their changelogs end, so they are asked when somebody wants to know, by one thread and not more
 * often than makes sense; {@link #close} stops it. Thread-safe.
 */
final class StandbyLags implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StandbyLags.class);

    /** An answer serves so long. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** Less than what other pods wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Supplier<Map<Integer, Long>> brokers;
    private final LongSupplier nanos;
    private final ExecutorService thread;
    private @Nullable Future<Map<Integer, Long>> asked;
    private long askedAt;

    /**
     * @param name of this pod, for the thread's
     * @param brokers asks them: records behind the end, by partition; may block for long
     * @param nanos of a clock that never goes back
     */
    StandbyLags(String name, Supplier<Map<Integer, Long>> brokers, LongSupplier nanos) {
        this.brokers = brokers;
        this.nanos = nanos;
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name(name + "-standby-lags").daemon().factory());
    }

    /** Records behind the end, by partition; nothing if the brokers do not answer in time. */
    Map<Integer, Long> look() {
        try {
            return ask().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            log.debug("How far standbys are behind is not known: {}", e.toString());
        }
        return Map.of();
    }

    private synchronized Future<Map<Integer, Long>> ask() {
        Future<Map<Integer, Long>> known = asked;
        long now = nanos.getAsLong();
        // Whoever waits for brokers that are away waits for the same question.
        if (known == null || (known.isDone() && now - askedAt > FRESH.toNanos())) {
            known = thread.submit(brokers::get);
            asked = known;
            askedAt = now;
        }
        return known;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
