package dev.rmb.server.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.members.Member;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/pods}: gateways and routers, what they are and how busy, and how gateways take
 * leave of their clients.
 */
@Path("/api/v1/pods")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class PodsResource {
    private static final Logger log = LoggerFactory.getLogger(PodsResource.class);

    private static final String PATH = "/api/v1/pods";
    private static final String NAME = "pods";

    /** Any text may be a pod's name: so that a place among pods is told from what is none. */
    private static final String PLACE = "pod:";

    private static final ClusterList LIST =
            new ClusterList(NAME, pod -> PLACE + pod.path("name").asText());

    private final PodSelf self;
    private final Peers peers;

    public PodsResource(PodSelf self, Peers peers) {
        this.self = self;
        this.peers = peers;
    }

    /**
     * @param local only this pod
     */
    @GET
    @Operation(summary = "Gateways and routers, with their load")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        String after = page.place("", PodsResource::checked);
        Map<String, JsonNode> pods = new TreeMap<>();
        PeerAnswers others = PeerAnswers.NONE;
        if (!local) {
            peers.members().forEach(member -> pods.put(member.pod(), heardOf(member)));
            others = peers.get(Caller.of(headers), PATH).with(NAME);
            others.given()
                    .forEach(answer ->
                            answer.body().path(NAME).forEach(pod -> pods.put(answer.pod(), pod)));
        }
        pods.put(self.name(), body());
        List<JsonNode> behind = new ArrayList<>();
        pods.forEach((name, pod) -> {
            if ((PLACE + name).compareTo(after) > 0) {
                behind.add(pod);
            }
        });
        ObjectNode body = LIST.page(page, LIST.part(behind, page.limit()));
        others.tellMissing(body);
        return body;
    }

    private static String checked(String place) {
        if (!place.startsWith(PLACE)) {
            throw new IllegalArgumentException("not a place among pods");
        }
        return place;
    }

    @GET
    @Operation(summary = "A pod: its roles, version, state and load")
    @Path("{name}")
    public ObjectNode byName(
            @PathParam("name") String name,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        if (name.equals(self.name())) {
            return body();
        }
        Member member = member(name, local);
        return peers.send(Caller.of(headers), name, "GET", PATH + "/" + name, null).given().stream()
                .filter(answer -> answer.isSuccess() && answer.body() instanceof ObjectNode)
                .map(answer -> (ObjectNode) answer.body())
                .findFirst()
                .orElseGet(() -> heardOf(member));
    }

    /** Begins; how far it is can be asked for. */
    @POST
    @Path("{name}/drain")
    @Needs(Role.OPERATOR)
    @Operation(summary = "Begins to take leave of its clients, spread over the drain's period")
    public Response drain(
            @PathParam("name") String name,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        if (!name.equals(self.name())) {
            return elsewhere(name, "drain", local, headers);
        }
        Drainable clients = clients();
        log.info("A drain was asked for");
        clients.drain();
        return Response.accepted(body()).build();
    }

    @POST
    @Path("{name}/undrain")
    @Needs(Role.OPERATOR)
    @Operation(summary = "Takes clients again")
    public Response undrain(
            @PathParam("name") String name,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        if (!name.equals(self.name())) {
            return elsewhere(name, "undrain", local, headers);
        }
        Drainable clients = clients();
        log.info("The end of the drain was asked for");
        if (!clients.undrain()) {
            throw ProblemException.of(
                    Response.Status.CONFLICT, name + " stops, and cannot take clients again");
        }
        return Response.accepted(body()).build();
    }

    private Response elsewhere(String name, String verb, boolean local, HttpHeaders headers) {
        var _ = member(name, local);
        PeerAnswers answers =
                peers.send(Caller.of(headers), name, "POST", PATH + "/" + name + "/" + verb, null);
        Optional<PeerAnswers.Answer> done =
                answers.given().stream().filter(PeerAnswers.Answer::isSuccess).findFirst();
        if (done.isEmpty()) {
            throw answers.refusal(name + " did not do it");
        }
        return Response.accepted(done.get().body()).build();
    }

    private Member member(String name, boolean local) {
        return peers.members().stream()
                .filter(member -> !local && member.pod().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                Response.Status.NOT_FOUND,
                                local ? "this is " + self.name() : "no pod of this name is alive"));
    }

    private Drainable clients() {
        return self.clients()
                .orElseThrow(() ->
                        ProblemException.of(
                                Response.Status.CONFLICT,
                                self.name() + " has no clients: just stop it"));
    }

    private ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", self.name());
        roles(body, self.roles());
        body.put("version", self.version());
        body.put("state", self.state());
        self.clients().ifPresent(clients -> body.put("sessions", clients.sessions()));
        self.partitions().ifPresent(partitions -> body.put("partitions", partitions.count()));
        Load.write(body);
        return body;
    }

    /** What its heartbeats say, of a pod that says no more. */
    private static ObjectNode heardOf(Member member) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", member.pod());
        roles(body, member.roles());
        body.put("version", member.version());
        body.put("state", "unreachable");
        return body;
    }

    private static void roles(ObjectNode body, Iterable<Member.Role> roles) {
        ArrayNode list = body.putArray("roles");
        roles.forEach(role -> list.add(role.name().toLowerCase(Locale.ROOT)));
    }
}
