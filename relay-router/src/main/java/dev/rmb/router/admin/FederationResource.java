package dev.rmb.router.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.members.Member;
import dev.rmb.router.federation.Federation;
import dev.rmb.router.federation.RelayState;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@code /api/v1/federation}: the other relays, as each router sees them. Routers rank relays each
 * by its own experience, so a relay has an item for each router that has to do with it.
 */
@Path("/api/v1/federation")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class FederationResource {
    private static final String PATH = "/api/v1/federation";
    private static final String NAME = "relays";
    private static final int MAX_DOMAIN = 300;

    /** A blank sorts before all that a domain can have. */
    private static final ClusterList LIST =
            new ClusterList(
                    NAME,
                    relay -> relay.path("domain").asText() + " " + relay.path("pod").asText());

    private final Optional<Federation> own;
    private final Peers peers;

    /**
     * @param own those that this pod has to do with, if it is a router
     */
    public FederationResource(Optional<Federation> own, Peers peers) {
        this.own = own;
        this.peers = peers;
    }

    /**
     * @param local only those of this pod
     */
    @GET
    @Operation(summary = "Other relays as each router sees them: rank, failures, what waits")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        String after = page.place("", FederationResource::checked);
        List<ObjectNode> behind =
                own().stream()
                        .filter(relay -> LIST.cursor().apply(relay).compareTo(after) > 0)
                        .sorted(Comparator.comparing(LIST.cursor()))
                        .toList();
        ClusterList.Part part = LIST.part(behind, page.limit());
        if (local) {
            return LIST.page(page, part);
        }
        String query =
                "?limit="
                        + page.limit()
                        + "&cursor="
                        + URLEncoder.encode(page.cursor(), StandardCharsets.UTF_8);
        return LIST.page(
                page, part, peers.get(Caller.of(headers), Member.Role.ROUTER, PATH + query));
    }

    /** One relay, as all routers see it. */
    @GET
    @Path("{domain}")
    @Operation(summary = "Another relay as all routers see it")
    public ObjectNode byDomain(
            @PathParam("domain") String domain,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        refuseLong(domain);
        List<JsonNode> relays = new ArrayList<>();
        own().stream().filter(r -> r.path("domain").asText().equals(domain)).forEach(relays::add);
        PeerAnswers others =
                local
                        ? PeerAnswers.NONE
                        : peers.get(Caller.of(headers), Member.Role.ROUTER, path(domain)).known();
        for (PeerAnswers.Answer answer : others.given()) {
            if (answer.isSuccess()) {
                answer.body().path(NAME).forEach(relays::add);
            }
        }
        if (relays.isEmpty()) {
            throw unknown(domain, others);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("domain", domain);
        body.putArray(NAME).addAll(relays);
        others.tellMissing(body);
        return body;
    }

    /** All routers forget the relay's failures, and try what waits for it at once. */
    @POST
    @Path("{domain}/reset")
    @Needs(Role.OPERATOR)
    @Operation(summary = "Forgets the failures of a relay and tries what waits for it at once")
    public ObjectNode reset(
            @PathParam("domain") String domain,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        refuseLong(domain);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("domain", domain);
        ArrayNode pods = body.putArray("pods");
        if (own.isPresent() && own.get().reset(domain)) {
            pods.add(peers.self());
        }
        PeerAnswers others =
                local
                        ? PeerAnswers.NONE
                        : peers.post(
                                        Caller.of(headers),
                                        Member.Role.ROUTER,
                                        path(domain) + "/reset",
                                        null)
                                .known();
        for (PeerAnswers.Answer answer : others.given()) {
            if (answer.isSuccess()) {
                pods.add(answer.pod());
            }
        }
        if (pods.isEmpty()) {
            throw unknown(domain, others);
        }
        others.tellMissing(body);
        return body;
    }

    private static String checked(String place) {
        int end = place.indexOf(' ');
        if (end <= 0 || end == place.length() - 1) {
            throw new IllegalArgumentException("not a place among relays");
        }
        return place;
    }

    private List<ObjectNode> own() {
        return own.map(federation -> federation.relays().stream().map(this::write).toList())
                .orElse(List.of());
    }

    private ObjectNode write(RelayState relay) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("domain", relay.domain());
        body.put("pod", peers.self());
        body.put("rank", relay.rank());
        body.put("failures", relay.failuresLately());
        body.put("inFlight", relay.inFlight());
        body.put("waiting", relay.waiting());
        if (relay.lastError() != null) {
            body.put("lastError", relay.lastError());
        }
        if (relay.lastErrorAt() != null) {
            body.put("lastErrorAt", relay.lastErrorAt().toString());
        }
        return body;
    }

    private static String path(String domain) {
        return PATH + "/" + URLEncoder.encode(domain, StandardCharsets.UTF_8);
    }

    private static void refuseLong(String domain) {
        if (domain.length() > MAX_DOMAIN) {
            throw ProblemException.badRequest("that is too long for a domain");
        }
    }

    /** Who did not answer may know it. */
    private static ProblemException unknown(String domain, PeerAnswers others) {
        return others.missing().isEmpty()
                ? ProblemException.of(
                        Response.Status.NOT_FOUND, "no router knows a relay " + domain)
                : others.refusal("no router that answered knows a relay " + domain);
    }
}
