package dev.rmb.router.admin;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.router.dispatch.MessageStatus;
import dev.rmb.router.dispatch.Reason;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.traces.Question;
import dev.rmb.server.traces.TraceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a router knows of the messages in its partitions. */
public record RouterTraces(OpenPartitions partitions) implements TraceSource {
    private static final Logger log = LoggerFactory.getLogger(RouterTraces.class);

    /** For all of a question: a stream thread that is busy for longer has other things to tell. */
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
    public Map<Long, Place> places(Question question) {
        // All are asked before one is waited for: the owner has them in one go.
        Map<Long, CompletableFuture<MessageStatus>> asked = new TreeMap<>();
        for (long offset : question.offsets()) {
            partitions
                    .whereIs(question.partition(), question.destination(), offset)
                    .ifPresent(answer -> asked.put(offset, answer.toCompletableFuture()));
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new));
        try {
            var _ = all.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("Not all of {} messages are known: {}", asked.size(), e.toString());
        }
        Map<Long, Place> places = new TreeMap<>();
        asked.forEach((offset, answer) -> {
            if (answer.state() == Future.State.SUCCESS) {
                places.put(offset, place(answer.resultNow()));
            }
        });
        return places;
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
