package dev.rmb.gateway.federation;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.gateway.edge.Admission;
import dev.rmb.gateway.http.HttpRoute;
import dev.rmb.gateway.session.Presence;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.TwinDirectory;
import java.time.Clock;

/** The way in for envelopes of other relays. */
public final class Federation implements AutoCloseable {
    private final Inspection inspection;
    private final HttpRoute route;

    /**
     * @param name of the gateway, for threads' names
     * @param ours by which twins name this relay
     * @param presence of whom fail-fast envelopes are for
     */
    public Federation(
            String name,
            FederationSettings settings,
            FederationLimits limits,
            TwinDirectory directory,
            RelayDomains ours,
            Presence presence,
            Admission admission,
            Bans bans,
            MetricRegistry metrics,
            Clock clock) {
        this.inspection =
                new Inspection(
                        name, settings, limits.perTwin(), directory, ours, presence, bans, clock);
        var held = new Held(settings.inFlight().toBytes());
        this.route =
                new FederationRoute(
                        settings,
                        limits.perRemote(),
                        inspection,
                        admission,
                        held,
                        new FederationMetrics(metrics, held),
                        clock);
    }

    /** {@code POST /}. */
    public HttpRoute route() {
        return route;
    }

    /** Nothing more is checked; whose check was under way gets no answer. */
    @Override
    public void close() {
        inspection.close();
    }
}
