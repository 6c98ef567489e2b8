package dev.rmb.server.admin;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Open;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * {@code /health/live}: whether a restart would help; {@code /health/ready}: whether clients should
 * be sent here. 200 if all checks pass, else 503; each check with its reason.
 */
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
@Open
public final class HealthResource {
    private final HealthCheckRegistry liveness;
    private final HealthCheckRegistry readiness;

    HealthResource(HealthCheckRegistry liveness, HealthCheckRegistry readiness) {
        this.liveness = liveness;
        this.readiness = readiness;
    }

    @GET
    @Path("live")
    @Operation(summary = "Whether a restart would help")
    @ApiResponse(responseCode = "200", description = "it passes; with each check")
    @ApiResponse(
            responseCode = "503",
            description = "it does not; with each check and its reason",
            content = @Content(mediaType = MediaType.APPLICATION_JSON))
    public Response live() {
        return answer(liveness, "live");
    }

    @GET
    @Path("ready")
    @Operation(summary = "Whether clients should be sent here")
    @ApiResponse(responseCode = "200", description = "it passes; with each check")
    @ApiResponse(
            responseCode = "503",
            description = "it does not; with each check and its reason",
            content = @Content(mediaType = MediaType.APPLICATION_JSON))
    public Response ready() {
        return answer(readiness, "ready");
    }

    private static Response answer(HealthCheckRegistry checks, String fine) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        boolean healthy = true;
        for (var entry : checks.runHealthChecks().entrySet()) {
            HealthCheck.Result result = entry.getValue();
            ObjectNode detail = details.putObject(entry.getKey());
            detail.put("ok", result.isHealthy());
            if (result.getMessage() != null) {
                detail.put("reason", result.getMessage());
            }
            healthy &= result.isHealthy();
        }
        body.put("status", healthy ? fine : "not " + fine);
        body.set("checks", details);
        return Response.status(healthy ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE)
                .entity(body)
                .build();
    }
}
