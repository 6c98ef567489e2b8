package dev.rmb.router.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.members.Member;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.router.stream.PartitionState;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.server.peers.Caller;
import dev.rmb.server.peers.ClusterList;
import dev.rmb.server.peers.PeerAnswers;
import dev.rmb.server.peers.Peers;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/partitions}: who owns each part of the log, how far it is with it, and who keeps a
 * copy of its mailboxes. A partition that no pod speaks for is listed, too.
 */
@Path("/api/v1/partitions")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class PartitionsResource {
    private static final String PATH = "/api/v1/partitions";
    private static final String NAME = "partitions";
    private static final String STANDBYS = "standbys";

    /** By pod: in records of the mailboxes' changelog. */
    private static final String STANDBY_LAG = "standbyLag";

    private static final Set<String> OF_STANDBYS = Set.of(STANDBYS, STANDBY_LAG);

    private static final ClusterList LIST =
            new ClusterList(
                    NAME, partition -> "%06d".formatted(partition.path("partition").asInt()));

    private final Optional<OpenPartitions> own;
    private final int count;
    private final Peers peers;

    /**
     * @param own those of this pod, if it is a router
     * @param count of all partitions
     */
    public PartitionsResource(Optional<OpenPartitions> own, int count, Peers peers) {
        this.own = own;
        this.count = count;
        this.peers = peers;
    }

    /**
     * @param local only what this pod owns or keeps a copy of
     */
    @GET
    @Operation(
            summary = "The partitions of the log: owner, epoch, lag, standbys and their lag, state")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        int after = page.place(-1, this::checked);
        PeerAnswers others = local ? PeerAnswers.NONE : ask(headers);
        List<ObjectNode> all = merged(others, local);
        List<ObjectNode> behind =
                all.stream().filter(p -> p.path("partition").asInt() > after).toList();
        ObjectNode body = LIST.page(page, LIST.part(behind, page.limit()));
        others.tellMissing(body);
        return body;
    }

    @GET
    @Path("{partition}")
    @Operation(summary = "A partition")
    public ObjectNode byNumber(
            @PathParam("partition") String text,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        int number = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : count;
        if (number >= count) {
            throw ProblemException.of(
                    Response.Status.NOT_FOUND, "there are partitions 0 to " + (count - 1));
        }
        PeerAnswers others = local ? PeerAnswers.NONE : ask(headers);
        ObjectNode found =
                merged(others, local).stream()
                        .filter(p -> p.path("partition").asInt() == number)
                        .findFirst()
                        .orElseThrow(() ->
                                ProblemException.of(
                                        Response.Status.NOT_FOUND,
                                        "this pod has nothing to do with partition " + number));
        others.tellMissing(found);
        return found;
    }

    private int checked(String place) {
        int number = place.matches("[0-9]{6}") ? Integer.parseInt(place) : count;
        if (number >= count) {
            throw new IllegalArgumentException("not a place among partitions");
        }
        return number;
    }

    private PeerAnswers ask(HttpHeaders headers) {
        return peers.get(
                        Caller.of(headers),
                        Member.Role.ROUTER,
                        PATH + "?limit=" + PageRequest.MAX_LIMIT)
                .with(NAME);
    }

    /** What all say of each partition, in one. */
    private List<ObjectNode> merged(PeerAnswers others, boolean local) {
        List<ObjectNode> merged = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) {
            merged.add(JsonNodeFactory.instance.objectNode().put("partition", partition));
        }
        own.ifPresent(open -> {
            Map<Integer, Long> ends = open.ends();
            open.states()
                    .forEach(state -> merge(merged, write(state, ends.get(state.partition()))));
            Set<Integer> copies = open.standbys();
            Map<Integer, Long> lags = copies.isEmpty() ? Map.of() : open.standbyLags();
            copies.forEach(partition -> merge(merged, standby(partition, lags.get(partition))));
        });
        for (PeerAnswers.Answer answer : others.given()) {
            answer.body().path(NAME).forEach(partition -> merge(merged, partition));
        }
        if (local) {
            merged.removeIf(p -> !p.has("owner") && !p.has(STANDBYS));
        } else {
            merged.stream().filter(p -> !p.has("owner")).forEach(p -> p.put("state", "unowned"));
        }
        return merged;
    }

    private void merge(List<ObjectNode> into, JsonNode said) {
        int number = said.path("partition").asInt(-1);
        if (number < 0 || number >= into.size()) {
            return;
        }
        ObjectNode merged = into.get(number);
        // Two may say so for a moment: the higher claim counts.
        if (said.has("owner")
                && said.path("epoch").asLong() >= merged.path("epoch").asLong(Long.MIN_VALUE)) {
            said.properties()
                    .forEach(field -> {
                        if (!OF_STANDBYS.contains(field.getKey())) {
                            merged.set(field.getKey(), field.getValue());
                        }
                    });
        }
        said.path(STANDBYS).forEach(pod -> merged.withArray(STANDBYS).add(pod));
        said.path(STANDBY_LAG)
                .properties()
                .forEach(pod ->
                        merged.withObject("/" + STANDBY_LAG).set(pod.getKey(), pod.getValue()));
    }

    private ObjectNode standby(int partition, @Nullable Long lag) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("partition", partition);
        ArrayNode pods = body.putArray(STANDBYS);
        pods.add(peers.self());
        if (lag != null) {
            body.putObject(STANDBY_LAG).put(peers.self(), lag);
        }
        return body;
    }

    private ObjectNode write(PartitionState state, @Nullable Long end) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("partition", state.partition());
        body.put("owner", peers.self());
        body.put("epoch", state.epoch());
        body.put("state", state.phase().name().toLowerCase(Locale.ROOT));
        body.put("position", state.position());
        if (end != null) {
            body.put("lag", Math.max(0, end - state.position()));
        }
        body.put("lagMs", state.appendLagMs());
        body.put("watermarkLag", state.watermarkLag());
        body.put("sessions", state.sessions());
        body.put("mailboxMessages", state.mail().messages());
        body.put("mailboxBytes", state.mail().bytes());
        body.put("oldestMailMs", state.oldestMs());
        body.put("memoryBytes", state.memoryBytes());
        return body;
    }
}
