package dev.rmb.server.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.limits.LimitChange;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.LimitTopic;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.Audit;
import dev.rmb.server.admin.Confirmation;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.server.peers.Caller;
import dev.rmb.server.peers.ClusterList;
import dev.rmb.server.peers.PeerAnswers;
import dev.rmb.server.peers.Peers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/limits}: the limits by their names in the configuration, what each pod's
 * configuration says and what is in force there; and changes of them for the whole cluster. A
 * change is answered when it is in force in this pod, and is in all others within a second.
 */
@Path("/api/v1/limits")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class LimitsResource {
    private static final Logger log = LoggerFactory.getLogger(LimitsResource.class);
    private static final String PATH = "/api/v1/limits";
    private static final ClusterList LIST =
            new ClusterList("limits", limit -> limit.path("name").asText());

    private final Map<String, LimitKind> kinds = new TreeMap<>();
    private final LimitTopic topic;
    private final Peers peers;
    private final Clock clock;

    /**
     * @param kinds of all limits in the cluster, whether this pod has them or not
     */
    public LimitsResource(Collection<LimitKind> kinds, LimitTopic topic, Peers peers, Clock clock) {
        kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
        this.topic = topic;
        this.peers = peers;
        this.clock = clock;
    }

    /**
     * @param local only what is in force in this pod
     */
    @GET
    @Operation(summary = "The limits: configured and in force in each pod, and changes of them")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        String after = page.place("", this::checked);
        PeerAnswers others = local ? PeerAnswers.NONE : ask(headers);
        List<ObjectNode> behind =
                merged(kinds.values(), others).values().stream()
                        .filter(found -> LIST.cursor().apply(found).compareTo(after) > 0)
                        .toList();
        ObjectNode body = LIST.page(page, LIST.part(behind, page.limit()));
        others.tellMissing(body);
        return body;
    }

    @GET
    @Path("{name}")
    @Operation(summary = "A limit, by its name in the configuration")
    public ObjectNode byName(
            @PathParam("name") String name,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        LimitKind kind = kind(name);
        PeerAnswers others = local ? PeerAnswers.NONE : ask(headers);
        ObjectNode body = merged(List.of(kind), others).get(kind.name());
        if (body == null) {
            throw new IllegalStateException("a limit that was asked for is not there");
        }
        others.tellMissing(body);
        return body;
    }

    /** Sets the limit of all pods. The answer says of this pod alone what is in force. */
    @PUT
    @Needs(Role.OPERATOR)
    @Path("{name}")
    @Operation(summary = "Changes a limit for all pods, until that is taken back")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schemaProperties = {
                                @SchemaProperty(
                                        name = LimitJson.VALUE,
                                        schema =
                                                @Schema(
                                                        type = "integer",
                                                        format = "int64",
                                                        minimum = "0",
                                                        description =
                                                                "of sizes in bytes; for these a"
                                                                        + " text such as 64MiB will"
                                                                        + " do, too")),
                                @SchemaProperty(
                                        name = LimitJson.REASON,
                                        schema = @Schema(type = "string", maxLength = 500))
                            }))
    public ObjectNode change(
            @PathParam("name") String name,
            @Nullable JsonNode json,
            @Context HttpServletRequest request) {
        LimitKind kind = kind(name);
        LimitChange change =
                LimitJson.change(kind, json, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        Audit.note(request, LimitJson.VALUE + " " + change.value());
        Confirmation.await(topic.put(change), "of a limit");
        log.info(
                "Limit changed: {} is {} in all pods, because {}",
                kind.name(),
                change.value(),
                change.reason() == null ? "(no reason given)" : change.reason());
        return write(kind);
    }

    @DELETE
    @Needs(Role.OPERATOR)
    @Path("{name}")
    @Operation(summary = "Takes a change back: what each pod's configuration says holds again")
    public void restore(@PathParam("name") String name) {
        LimitKind kind = kind(name);
        if (topic.limits().change(kind.name()).isEmpty()) {
            throw ProblemException.of(
                    Response.Status.NOT_FOUND,
                    kind.name() + " is not changed: what is configured holds");
        }
        Confirmation.await(topic.remove(kind.name()), "of a limit");
        log.info("Limit as configured again: {}", kind.name());
    }

    private String checked(String place) {
        if (!kinds.containsKey(place)) {
            throw new IllegalArgumentException("not a place among limits");
        }
        return place;
    }

    private LimitKind kind(String name) {
        LimitKind kind = kinds.get(name);
        if (kind == null) {
            throw ProblemException.of(
                    Response.Status.NOT_FOUND,
                    "there is no limit of this name that can be changed; there are "
                            + String.join(", ", kinds.keySet()));
        }
        return kind;
    }

    private PeerAnswers ask(HttpHeaders headers) {
        return peers.get(Caller.of(headers), PATH + "?limit=" + PageRequest.MAX_LIMIT)
                .with(LIST.name());
    }

    /** What all say of each limit, in one. */
    private Map<String, ObjectNode> merged(Collection<LimitKind> which, PeerAnswers others) {
        Map<String, ObjectNode> merged = new LinkedHashMap<>();
        which.forEach(kind -> merged.put(kind.name(), write(kind)));
        for (PeerAnswers.Answer answer : others.given()) {
            for (JsonNode limit : answer.body().path(LIST.name())) {
                ObjectNode into = merged.get(limit.path("name").asText());
                if (into != null) {
                    limit.path(LimitJson.PODS).forEach(pod -> LimitJson.add(into, pod));
                }
            }
        }
        return merged;
    }

    private ObjectNode write(LimitKind kind) {
        return LimitJson.write(kind, topic.limits(), peers.self());
    }
}
