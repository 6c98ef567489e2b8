package dev.rmb.router.admin;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.MessageStatus;
import dev.rmb.router.dispatch.Reason;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.traces.Question;
import dev.rmb.server.traces.TraceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a router knows of the messages in its partitions. */
public record RouterTraces(OpenPartitions partitions) implements TraceSource {
    /** A stream thread that is busy for longer has other things to tell. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Override
    public List<Event> events(Question question) {
        return question.offsets().stream()
                .flatMap(offset ->
                        partitions.outcomes().ofOffset(question.partition(), offset).stream())
                .map(RouterTraces::event)
                .toList();
    }

    @Override
    public Optional<Place> place(int partition, Address destination, long offset) {
        return partitions
                .whereIs(partition, destination, offset)
                .map(RouterTraces::await)
                .map(RouterTraces::place);
    }

    private static @Nullable MessageStatus await(CompletionStage<MessageStatus> answer) {
        try {
            return answer.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    private static Place place(MessageStatus whereabouts) {
        return new Place(
                whereabouts.state().name().toLowerCase(Locale.ROOT),
                whereabouts.why(),
                whereabouts.sessionId() == 0 ? null : Long.toHexString(whereabouts.sessionId()),
                whereabouts.gateway());
    }

    private static Event event(Outcomes.Outcome outcome) {
        return new Event(
                Instant.ofEpochMilli(outcome.atMs()),
                outcome.fate().name().toLowerCase(Locale.ROOT),
                outcome.offset(),
                detail(outcome));
    }

    @SuppressWarnings("EnumOrdinal") // noted by this process itself
    private static @Nullable String detail(Outcomes.Outcome outcome) {
        if (outcome.fate() == Fate.ACKNOWLEDGED) {
            return "session " + Long.toHexString(outcome.subject());
        }
        return outcome.fate() == Fate.REFUSED
                ? Reason.values()[(int) outcome.subject()].label().replace('_', ' ')
                : null;
    }
}
