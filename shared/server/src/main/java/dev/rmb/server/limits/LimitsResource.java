package dev.rmb.server.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.server.peers.Caller;
import dev.rmb.server.peers.ClusterList;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * {@code /api/v1/limits}: the limits that each pod was started with, by their names in the
 * configuration; so it shows where pods differ.
 */
@Path("/api/v1/limits")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class LimitsResource {
    private static final String PATH = "/api/v1/limits";
    private static final ClusterList LIST =
            new ClusterList("limits", pod -> pod.path("pod").asText());

    private final Map<String, Long> own;
    private final Peers peers;

    /**
     * @param own by name; numbers and bytes, 0: no limit
     */
    public LimitsResource(Map<String, Long> own, Peers peers) {
        this.own = Map.copyOf(own);
        this.peers = peers;
    }

    /**
     * @param local only those of this pod
     */
    @GET
    @Operation(summary = "The limits that each pod was started with")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        ClusterList.Part part =
                peers.self().compareTo(page.cursor()) > 0
                        ? new ClusterList.Part(List.<JsonNode>of(body()), null)
                        : ClusterList.Part.NONE;
        if (local) {
            return LIST.page(page, part);
        }
        String query =
                "?limit="
                        + page.limit()
                        + "&cursor="
                        + URLEncoder.encode(page.cursor(), StandardCharsets.UTF_8);
        return LIST.page(page, part, peers.get(Caller.of(headers), PATH + query));
    }

    private ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("pod", peers.self());
        own.keySet().stream().sorted().forEach(name -> body.put(name, own.get(name)));
        return body;
    }
}
