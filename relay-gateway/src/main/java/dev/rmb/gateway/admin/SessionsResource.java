package dev.rmb.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.members.Member;
import dev.rmb.gateway.session.SessionKey;
import dev.rmb.gateway.session.SessionList;
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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code /api/v1/sessions}: who is connected, in the whole cluster; in the order of twins. A pod
 * that holds no sessions itself answers for those that do.
 */
@Path("/api/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class SessionsResource {
    private static final String PATH = "/api/v1/sessions";

    /** An event loop that does not get to it in this time is in trouble. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final ClusterList LIST = new ClusterList("sessions", SessionJson::cursor);

    private final Optional<SessionList> own;
    private final Peers peers;
    private final SessionJson json;

    /**
     * @param own those of this pod, if it takes clients
     */
    public SessionsResource(Optional<SessionList> own, Peers peers, Clock clock) {
        this.own = own;
        this.peers = peers;
        this.json = new SessionJson(peers.self(), clock);
    }

    /**
     * @param cursor {@code next} of the page before
     * @param twin only this one's
     * @param local only those of this pod
     */
    @GET
    @Operation(summary = "Who is connected, in the order of twins")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("twin") @DefaultValue("") String twin,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        SessionKey after = page.place(SessionKey.FIRST, SessionJson::place);
        long wanted = twin.isEmpty() ? 0 : twin(twin);
        ClusterList.Part part = own(after, wanted, page.limit());
        return local
                ? LIST.page(page, part)
                : LIST.page(
                        page,
                        part,
                        peers.get(Caller.of(headers), Member.Role.GATEWAY, query(page, twin)));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "A session")
    public JsonNode byId(
            @PathParam("id") String text,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        long id = id(text);
        Optional<JsonNode> found =
                own.flatMap(list -> await(list.find(id)).stream().findFirst().map(json::write));
        if (found.isPresent()) {
            return found.get();
        }
        if (!local) {
            PeerAnswers others =
                    peers.get(Caller.of(headers), Member.Role.GATEWAY, PATH + "/" + text).known();
            for (PeerAnswers.Answer answer : others.given()) {
                if (answer.isSuccess() && answer.body() instanceof ObjectNode session) {
                    return session;
                }
            }
            throw unknown(text, others);
        }
        throw unknown(text, PeerAnswers.NONE);
    }

    /** Ends a session; its client may connect again, so ban it before if it should not. */
    @POST
    @Needs(Role.OPERATOR)
    @Path("{id}/disconnect")
    @Operation(summary = "Ends a session; its client may connect again")
    public void disconnect(
            @PathParam("id") String text,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        long id = id(text);
        if (own.isPresent() && await(own.get().disconnect(id))) {
            return;
        }
        if (local) {
            throw unknown(text, PeerAnswers.NONE);
        }
        PeerAnswers others =
                peers.post(
                                Caller.of(headers),
                                Member.Role.GATEWAY,
                                PATH + "/" + text + "/disconnect",
                                null)
                        .known();
        if (others.given().stream().noneMatch(PeerAnswers.Answer::isSuccess)) {
            throw unknown(text, others);
        }
    }

    private ClusterList.Part own(SessionKey after, long twin, int limit) {
        return own.map(
                        list -> {
                            // One more, so that it shows whether there are more.
                            List<JsonNode> views =
                                    await(list.after(after, twin, limit + 1)).stream()
                                            .map(json::write)
                                            .toList();
                            return LIST.part(views, limit);
                        })
                .orElse(ClusterList.Part.NONE);
    }

    private static String query(PageRequest page, String twin) {
        return PATH
                + "?limit="
                + page.limit()
                + "&cursor="
                + URLEncoder.encode(page.cursor(), StandardCharsets.UTF_8)
                + (twin.isEmpty() ? "" : "&twin=" + twin);
    }

    /** Who did not answer may have it. */
    private static ProblemException unknown(String id, PeerAnswers others) {
        return others.missing().isEmpty()
                ? ProblemException.of(
                        Response.Status.NOT_FOUND,
                        "there is no session " + id + "; it may have ended")
                : ProblemException.of(
                        Response.Status.SERVICE_UNAVAILABLE,
                        "no pod that answered has session "
                                + id
                                + ", and these did not answer: "
                                + String.join(
                                        ", ",
                                        others.missing().stream()
                                                .map(PeerAnswers.Missing::pod)
                                                .toList()));
    }

    private static long id(String text) {
        if (text.matches("[0-9a-f]{1,16}")) {
            return Long.parseUnsignedLong(text, 16);
        }
        throw ProblemException.badRequest("a session's id is up to 16 hexadecimal digits");
    }

    private static long twin(String text) {
        if (text.matches("[0-9]{1,10}")) {
            long twin = Long.parseLong(text);
            if (twin >= 1 && twin <= 0xFFFF_FFFFL) {
                return twin;
            }
        }
        throw ProblemException.badRequest("twin must be a whole number from 1 to 4294967295");
    }

    private static <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } catch (ExecutionException | TimeoutException e) {
            throw busy();
        }
    }

    private static ProblemException busy() {
        return ProblemException.of(
                Response.Status.SERVICE_UNAVAILABLE,
                "this gateway stops, or is too busy to say more about its sessions");
    }
}
