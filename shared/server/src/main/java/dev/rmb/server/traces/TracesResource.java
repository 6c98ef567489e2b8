package dev.rmb.server.traces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.trace.LogSearch;
import dev.rmb.protocol.Address;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.peers.Caller;
import dev.rmb.server.peers.PeerAnswers;
import dev.rmb.server.peers.Peers;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/traces}: where a message is, and what happened to it: what the log has of it, what
 * its owner says, and what pods remember of the last hundred thousand outcomes of each.
 */
@Path("/api/v1/traces")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class TracesResource {
    private static final Logger log = LoggerFactory.getLogger(TracesResource.class);

    private static final String PATH = "/api/v1/traces";
    private static final Duration RANGE = Duration.ofHours(1);
    private static final int MAX_UID = 1024;
    private static final long MAX_SECONDS = 1L << 40;
    private static final int MAX_OFFSETS = 64;

    private final List<TraceSource> own;
    private final LogSearch search;
    private final int partitions;
    private final Peers peers;
    private final Clock clock;

    /**
     * @param own what this pod's parts know
     * @param partitions of the log
     */
    public TracesResource(
            List<TraceSource> own, LogSearch search, int partitions, Peers peers, Clock clock) {
        this.own = List.copyOf(own);
        this.search = search;
        this.partitions = partitions;
        this.peers = peers;
        this.clock = clock;
    }

    /**
     * @param uid of the envelope
     * @param destination {@code 7:laptop}; without connection any of the twin
     * @param from and {@code to}: when it may have been accepted; absent: the last hour
     * @param offsets where it is in the log, for {@code local}
     * @param local only what this pod remembers or owns
     */
    @GET
    @Operation(
            summary =
                    "Where a message is and what became of it, by uid, destination and time range")
    public ObjectNode trace(
            @QueryParam("uid") @DefaultValue("") String uid,
            @QueryParam("destination") @DefaultValue("") String destination,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to,
            @QueryParam("offset") List<String> offsets,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        if (uid.isEmpty() || uid.length() > MAX_UID) {
            throw ProblemException.badRequest("uid is missing, or has more than 1024 characters");
        }
        Address address = address(destination);
        int partition = Partitioning.partitionOf(address.twin(), partitions);
        Set<Long> given = offsets(offsets);
        if (local) {
            return own(new Question(uid, address, partition, given));
        }
        Instant end = time("to", to, clock.instant());
        Instant before = end.minus(RANGE);
        // Kafka knows no time before it.
        Instant begin = time("from", from, before.isBefore(Instant.EPOCH) ? Instant.EPOCH : before);
        if (begin.isAfter(end)) {
            throw ProblemException.badRequest("from is after to");
        }
        return all(new Question(uid, address, partition, given), begin, end, Caller.of(headers));
    }

    private ObjectNode own(Question question) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode events = body.putArray("events");
        ArrayNode places = body.putArray("places");
        for (TraceSource source : own) {
            source.events(question).forEach(e -> events.add(TraceJson.event(peers.self(), e)));
            source.places(question)
                    .forEach((offset, p) -> places.add(TraceJson.place(peers.self(), offset, p)));
        }
        return body;
    }

    private ObjectNode all(Question question, Instant from, Instant to, Caller caller) {
        LogSearch.Found found = search(question, from, to);
        Map<Long, LogSearch.@Nullable Hit> messages = new TreeMap<>();
        question.offsets().forEach(offset -> messages.put(offset, null));
        found.hits().forEach(hit -> messages.put(hit.offset(), hit));
        // Gateways may remember what is not in that part of the log.
        List<PeerAnswers.Missing> missing = new ArrayList<>();
        List<JsonNode> told = ask(question, Set.of(), caller, missing);
        for (JsonNode answer : told) {
            for (JsonNode event : answer.path("events")) {
                if (event.has("offset") && messages.size() < MAX_OFFSETS) {
                    messages.putIfAbsent(event.path("offset").asLong(), null);
                }
            }
        }
        if (!messages.isEmpty()) {
            missing.clear();
            told = ask(question, messages.keySet(), caller, missing);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("uid", question.uid());
        body.put("destination", question.destination().toString());
        body.put("partition", question.partition());
        write(body, messages, told);
        ObjectNode searched = body.putObject("searched");
        searched.put("from", from.toString());
        searched.put("to", to.toString());
        searched.put("records", found.read());
        searched.put("complete", found.isComplete());
        new PeerAnswers(List.of(), missing).tellMissing(body);
        return body;
    }

    private static void write(
            ObjectNode body, Map<Long, LogSearch.@Nullable Hit> messages, List<JsonNode> told) {
        List<JsonNode> events = new ArrayList<>();
        Map<Long, JsonNode> places = new TreeMap<>();
        for (JsonNode answer : told) {
            answer.path("events").forEach(events::add);
            answer.path("places").forEach(p -> places.put(p.path("offset").asLong(), p));
        }
        events.sort(Comparator.comparing(e -> Instant.parse(e.path("at").asText())));
        ArrayNode list = body.putArray("messages");
        messages.forEach((offset, hit) -> {
            ObjectNode message = TraceJson.message(offset, hit);
            List<JsonNode> of =
                    events.stream()
                            .filter(e -> e.has("offset") && e.path("offset").asLong() == offset)
                            .toList();
            TraceJson.state(
                    message,
                    places.get(offset),
                    of.isEmpty() ? null : of.getLast().path("what").asText());
            message.putArray("events").addAll(of);
            list.add(message);
        });
        ArrayNode rest = body.putArray("events");
        events.stream().filter(e -> !e.has("offset")).forEach(rest::add);
    }

    private List<JsonNode> ask(
            Question question,
            Set<Long> offsets,
            Caller caller,
            List<PeerAnswers.Missing> missing) {
        var located =
                new Question(question.uid(), question.destination(), question.partition(), offsets);
        List<JsonNode> told = new ArrayList<>();
        told.add(own(located));
        StringBuilder path =
                new StringBuilder(PATH)
                        .append("?uid=")
                        .append(URLEncoder.encode(question.uid(), StandardCharsets.UTF_8))
                        .append("&destination=")
                        .append(
                                URLEncoder.encode(
                                        question.destination().toString(), StandardCharsets.UTF_8));
        offsets.forEach(offset -> path.append("&offset=").append(offset));
        PeerAnswers others = peers.get(caller, path.toString());
        missing.addAll(others.missing());
        for (PeerAnswers.Answer answer : others.given()) {
            if (answer.isSuccess()) {
                told.add(answer.body());
            } else {
                missing.add(
                        new PeerAnswers.Missing(answer.pod(), "it answered " + answer.status()));
            }
        }
        return told;
    }

    private LogSearch.Found search(Question question, Instant from, Instant to) {
        try {
            LogSearch.Found found = search.find(question.uid(), question.destination(), from, to);
            if (found != null) {
                return found;
            }
        } catch (KafkaException e) {
            log.warn("The log could not be searched: {}", e.toString());
            throw ProblemException.of(
                    Response.Status.SERVICE_UNAVAILABLE, "Kafka does not answer; try again");
        }
        throw ProblemException.of(
                Response.Status.SERVICE_UNAVAILABLE,
                "this pod searches its log for others already; try again, or ask another pod");
    }

    private static Address address(String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(
                    "destination is a twin, and its connection if there is one: 7 or 7:laptop");
        }
    }

    private static Set<Long> offsets(List<String> texts) {
        Set<Long> offsets = new TreeSet<>();
        for (String text : texts) {
            if (!text.matches("[0-9]{1,18}") || offsets.size() == MAX_OFFSETS) {
                throw ProblemException.badRequest(
                        "offset is a place in the log; at most " + MAX_OFFSETS + " of them");
            }
            offsets.add(Long.parseLong(text));
        }
        return offsets;
    }

    private static Instant time(String name, String text, Instant otherwise) {
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            Instant time = Instant.parse(text);
            // Further than Kafka can be asked for.
            if (time.getEpochSecond() >= 0 && time.getEpochSecond() < MAX_SECONDS) {
                return time;
            }
        } catch (DateTimeParseException e) {
            throw notATime(name);
        }
        throw notATime(name);
    }

    private static ProblemException notATime(String name) {
        return ProblemException.badRequest(name + " must be a time such as 2030-01-31T12:00:00Z");
    }
}
