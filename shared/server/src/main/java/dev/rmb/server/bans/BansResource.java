package dev.rmb.server.bans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.bans.Ban;
import dev.rmb.cluster.bans.BanTarget;
import dev.rmb.cluster.bans.BanTopic;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.Audit;
import dev.rmb.server.admin.Confirmation;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.server.peers.ClusterList;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/bans}: who is kept out of the cluster. A change is answered when it holds in this
 * pod, and holds in all others within a second.
 */
@Path("/api/v1/bans")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class BansResource {
    private static final Logger log = LoggerFactory.getLogger(BansResource.class);

    private static final ClusterList LIST = new ClusterList("bans", ban -> ban.path("id").asText());

    /** Every pod holds all of them in memory. */
    private static final int MAX_BANS = 100_000;

    /** Of those whose time is over, with each change. */
    private static final int CLEARED_AT_ONCE = 100;

    /** After its time, so that clocks need not agree. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final BanTopic topic;
    private final Clock clock;

    /** What a request may hold. */
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schemaProperties = {
                                @SchemaProperty(
                                        name = "twin",
                                        schema =
                                                @Schema(
                                                        type = "integer",
                                                        minimum = "1",
                                                        maximum = "4294967295")),
                                @SchemaProperty(
                                        name = "remote",
                                        schema =
                                                @Schema(type = "string", example = "192.0.2.0/24")),
                                @SchemaProperty(name = "reason", schema = @Schema(type = "string")),
                                @SchemaProperty(
                                        name = "expires",
                                        schema = @Schema(type = "string", format = "date-time"))
                            }))
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    private @interface Described {}

    public BansResource(BanTopic topic, Clock clock) {
        this.topic = topic;
        this.clock = clock;
    }

    /**
     * @param cursor {@code next} of the page before
     */
    @GET
    @Operation(summary = "Who is banned")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        String after = page.place("", BansResource::checked);
        List<ObjectNode> behind =
                topic.bans().all().stream()
                        .filter(ban -> ban.target().toString().compareTo(after) > 0)
                        .limit(page.limit() + 1L)
                        .map(BanBody::write)
                        .toList();
        return LIST.page(page, LIST.part(behind, page.limit()));
    }

    private static String checked(String place) {
        if (!BanTarget.parse(place).toString().equals(place)) {
            throw new IllegalArgumentException("not a place among bans");
        }
        return place;
    }

    @GET
    @Path("{id: .+}")
    @Operation(summary = "A ban, by its twin:ID or remote:RANGE")
    public ObjectNode byId(@PathParam("id") String id) {
        return BanBody.write(found(BanBody.parsed(id)));
    }

    @POST
    @Needs(Role.OPERATOR)
    @Operation(summary = "Bans a twin, or whoever comes from an address or range")
    @Described
    public Response create(@Nullable JsonNode json, @Context HttpServletRequest request) {
        BanBody body = BanBody.of(json);
        BanTarget target = body.target();
        if (target == null) {
            throw ProblemException.badRequest("a ban needs a twin or a remote");
        }
        if (topic.bans().find(target).isPresent()) {
            throw ProblemException.of(
                    Response.Status.CONFLICT, target + " is banned already; PUT changes that");
        }
        Ban made = put(body, target, request);
        return Response.created(URI.create("/api/v1/bans/" + target))
                .entity(BanBody.write(made))
                .build();
    }

    /** Bans, or sets all of a ban; what is absent is taken away. */
    @PUT
    @Needs(Role.OPERATOR)
    @Path("{id: .+}")
    @Operation(summary = "Bans, or sets all of a ban")
    @Described
    public ObjectNode replace(
            @PathParam("id") String id,
            @Nullable JsonNode json,
            @Context HttpServletRequest request) {
        BanBody body = BanBody.of(json);
        BanTarget target = BanBody.parsed(id);
        BanTarget named = body.target();
        if (named != null && !named.equals(target)) {
            throw ProblemException.badRequest("the body names another than the path");
        }
        return BanBody.write(put(body, target, request));
    }

    @DELETE
    @Needs(Role.OPERATOR)
    @Path("{id: .+}")
    @Operation(summary = "Takes a ban back")
    public void delete(@PathParam("id") String id) {
        Ban ban = found(BanBody.parsed(id));
        Confirmation.await(topic.remove(ban.target()), "of bans");
        log.info("Not banned any more: {}", ban.target());
    }

    private Ban put(BanBody body, BanTarget target, HttpServletRequest request) {
        Ban ban = body.ban(target, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        String until = ban.expires() == null ? "it is taken back" : ban.expires().toString();
        Audit.note(request, target + " until " + until);
        boolean isFull = topic.bans().count() >= MAX_BANS && topic.bans().find(target).isEmpty();
        if (!isFull) {
            Confirmation.await(topic.put(ban), "of bans");
        }
        // After it: Kafka answers, and nobody waits for old bans while it does not.
        clear(target);
        if (isFull) {
            throw ProblemException.of(
                    Response.Status.CONFLICT,
                    "there are " + MAX_BANS + " bans, and no more are kept; ban ranges instead");
        }
        log.info(
                "Banned: {} until {}, because {}",
                target,
                until,
                ban.reason() == null ? "(no reason given)" : ban.reason());
        return ban;
    }

    private void clear(BanTarget but) {
        // Not sooner: another pod may have renewed it, by a clock that is a little behind.
        List<BanTarget> over =
                topic.bans().expired(clock.instant().minus(KEPT)).stream()
                        .map(Ban::target)
                        .filter(old -> !old.equals(but))
                        .limit(CLEARED_AT_ONCE)
                        .toList();
        for (BanTarget old : over) {
            if (topic.remove(old).toCompletableFuture().isCompletedExceptionally()) {
                return;
            }
        }
    }

    private Ban found(BanTarget target) {
        return topic.bans()
                .find(target)
                .orElseThrow(() ->
                        ProblemException.of(Response.Status.NOT_FOUND, target + " is not banned"));
    }
}
