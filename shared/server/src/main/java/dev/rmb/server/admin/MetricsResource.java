package dev.rmb.server.admin;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** {@code /metrics}, for Prometheus; in most configurations for everybody. */
@Path("/metrics")
@Needs(Role.VIEWER)
public final class MetricsResource {
    private final MetricRegistry metrics;

    MetricsResource(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    @GET
    @Operation(summary = "Metrics, for Prometheus")
    @Produces(PrometheusText.MEDIA_TYPE)
    public String text() {
        return PrometheusText.of(metrics);
    }
}
