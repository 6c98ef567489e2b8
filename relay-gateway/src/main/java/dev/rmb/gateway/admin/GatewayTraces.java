package dev.rmb.gateway.admin;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.gateway.session.SessionList;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.server.traces.Question;
import dev.rmb.server.traces.TraceSource;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a gateway remembers of messages that came in by it. */
public record GatewayTraces(Outcomes outcomes) implements TraceSource {
    @Override
    public List<Event> events(Question question) {
        return outcomes
                .ofUid(EnvelopeHeader.uidHash(question.uid()), question.destination().twin())
                .stream()
                .map(GatewayTraces::event)
                .toList();
    }

    @Override
    public Map<Long, Place> places(Question question) {
        return Map.of();
    }

    private static Event event(Outcomes.Outcome outcome) {
        return new Event(
                Instant.ofEpochMilli(outcome.atMs()),
                outcome.fate().name().toLowerCase(Locale.ROOT),
                outcome.offset() == Outcomes.NOWHERE ? null : outcome.offset(),
                // What is not in the log has no partition either.
                outcome.fate() == Fate.TURNED_DOWN
                        ? SessionList.whyTurnedDown(outcome.partition())
                        : null);
    }
}
