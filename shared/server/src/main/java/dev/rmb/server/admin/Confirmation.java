package dev.rmb.server.admin;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for changes that Kafka has to confirm. */
public final class Confirmation {
    private static final Logger log = LoggerFactory.getLogger(Confirmation.class);

    /** With what the change itself may block, less than 10 seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private Confirmation() {}

    /**
     * Waits, bounded, until the change is made.
     *
     * @param what the change is one of, for the log
     * @throws ProblemException (503) if it is not confirmed
     */
    public static void await(CompletionStage<Void> change, String what) {
        try {
            change.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("A change {} is not confirmed: {}", what, e.toString());
            throw unavailable();
        }
    }

    private static ProblemException unavailable() {
        return ProblemException.of(
                Response.Status.SERVICE_UNAVAILABLE,
                "Kafka has not confirmed the change; it may still be made");
    }
}
