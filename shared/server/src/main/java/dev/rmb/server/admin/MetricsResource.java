package dev.rmb.server.admin;

import com.codahale.metrics.MetricRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** {@code /metrics}, for Prometheus. */
@Path("/metrics")
public final class MetricsResource {
    private final MetricRegistry metrics;

    MetricsResource(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    @GET
    @Produces(PrometheusText.MEDIA_TYPE)
    public String text() {
        return PrometheusText.of(metrics);
    }
}
