package dev.rmb.gateway.federation;

import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Looks up both ends of an envelope. What is in memory may be old: before a message is refused for
 * what the directory says, it is asked anew, once in a while for each twin. Thread-safe.
 */
final class Twins {
    private final TwinDirectory directory;
    private final RelayDomains ours;
    private final Refreshes refreshes = new Refreshes();

    /** Who sent an envelope. */
    sealed interface Source {
        record Known(Twin twin) implements Source {}

        /** It names none: an error that a relay made. */
        record Relay() implements Source {}

        record Not(Answer why) implements Source {}
    }

    /**
     * @param ours by which twins name this relay
     */
    Twins(TwinDirectory directory, RelayDomains ours) {
        this.directory = directory;
        this.ours = ours;
    }

    /** {@link Answer#ACCEPTED} if the twin lives here. Fails if nobody can tell. */
    CompletionStage<Answer> destination(long id) {
        return find(id, this::isOurs)
                .thenApply(found -> {
                    if (found.isEmpty()) {
                        return Answer.UNKNOWN_DESTINATION;
                    }
                    return isOurs(found.get()) ? Answer.ACCEPTED : Answer.NOT_OURS;
                });
    }

    /** Fails if nobody can tell. */
    CompletionStage<Source> source(long id) {
        return find(id, _ -> true)
                .thenApply(found ->
                        found.isEmpty()
                                ? new Source.Not(Answer.UNKNOWN_SOURCE)
                                : new Source.Known(found.get()));
    }

    private boolean isOurs(Twin twin) {
        return twin.relayDomains().shareAny(ours);
    }

    private CompletionStage<Optional<Twin>> find(long id, Predicate<Twin> isRight) {
        CompletionStage<Optional<Twin>> asked = directory.byId(id);
        // An answer that took time was not remembered: it is as new as another one would be.
        boolean isRemembered = asked.toCompletableFuture().isDone();
        return asked.thenCompose(found -> {
            boolean isDoubtful = isRemembered && found.filter(isRight).isEmpty();
            long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            return isDoubtful && refreshes.begin(id, nowMs)
                    ? directory.byIdAnew(id)
                    : CompletableFuture.completedStage(found);
        });
    }
}
