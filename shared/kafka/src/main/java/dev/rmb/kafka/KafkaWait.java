package dev.rmb.kafka;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits, when a process starts, for what needs Kafka. */
public final class KafkaWait {
    private KafkaWait() {}

    /**
     * Blocks its caller until {@code done} completes.
     *
     * @param otherwise what to say if it does not, for whoever starts the process: "the members
     *     could not be read"
     * @throws IllegalStateException if that takes longer than {@code patience}, or fails; the
     *     message says what to check
     */
    public static void until(CompletionStage<?> done, Duration patience, String otherwise) {
        try {
            done.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    otherwise
                            + " within "
                            + patience.toSeconds()
                            + " s: check kafka.bootstrap.servers and that the broker runs",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }
}
