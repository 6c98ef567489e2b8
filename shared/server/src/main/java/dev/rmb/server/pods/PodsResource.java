package dev.rmb.server.pods;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/v1/pods/NAME}: this gateway's state, and its drain. */
@Path("/api/v1/pods/{name}")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class PodsResource {
    private static final Logger log = LoggerFactory.getLogger(PodsResource.class);

    private final String own;
    private final Drainable pod;

    /**
     * @param own name of the pod
     */
    public PodsResource(String own, Drainable pod) {
        this.own = own;
        this.pod = pod;
    }

    @GET
    @Operation(summary = "The state of this gateway: serving, leaving, draining, drained")
    public ObjectNode state(@PathParam("name") String name) {
        refuseOther(name);
        return body();
    }

    /** Begins; how far it is can be asked for. */
    @POST
    @Needs(Role.OPERATOR)
    @Path("drain")
    @Operation(summary = "Begins to take leave of its clients, spread over the drain's period")
    public Response drain(@PathParam("name") String name) {
        refuseOther(name);
        log.info("A drain was asked for");
        pod.drain();
        return Response.accepted(body()).build();
    }

    @POST
    @Needs(Role.OPERATOR)
    @Path("undrain")
    @Operation(summary = "Takes clients again")
    public Response undrain(@PathParam("name") String name) {
        refuseOther(name);
        log.info("The end of the drain was asked for");
        if (!pod.undrain()) {
            throw ProblemException.of(
                    Response.Status.CONFLICT, own + " stops, and cannot take clients again");
        }
        return Response.accepted(body()).build();
    }

    private ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", own);
        body.put("state", pod.state());
        body.put("sessions", pod.sessions());
        return body;
    }

    private void refuseOther(String name) {
        if (!name.equals(own)) {
            throw ProblemException.of(
                    Response.Status.NOT_FOUND,
                    "this is " + own + ": ask the admin port of " + name + " itself");
        }
    }
}
