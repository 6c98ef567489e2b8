package dev.rmb.gateway;

import dev.rmb.cluster.limits.Limit;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.gateway.federation.FederationLimits;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.gateway.session.SessionLimits;
import dev.rmb.gateway.socket.ConnectionLimits;
import java.util.List;
import java.util.stream.Stream;

/**
 * The limits of a gateway that can be changed while it runs.
 *
 * @param lookUps that a remote address has in a minute; 0: nobody may look up
 */
public record GatewayLimits(
        ConnectionLimits connections,
        SessionLimits sessions,
        RateLimits rate,
        Limit lookUps,
        FederationLimits federation) {
    private static final String RATE = "gateway.rateLimit";
    private static final LimitKind LOOK_UPS = LimitKind.countFrom(0, "gateway.lookUps.perRemote");

    /** All of them, whichever pod has them. */
    public static final List<LimitKind> KINDS =
            Stream.of(
                            ConnectionLimits.KINDS,
                            SessionLimits.KINDS,
                            RateLimits.kinds(RATE),
                            List.of(LOOK_UPS),
                            FederationLimits.KINDS)
                    .flatMap(List::stream)
                    .toList();

    static GatewayLimits of(Limits limits, GatewaySettings settings) {
        return new GatewayLimits(
                ConnectionLimits.of(limits, settings.connections()),
                SessionLimits.of(limits, settings.sessions()),
                RateLimits.of(limits, RATE, settings.rateLimit()),
                limits.add(LOOK_UPS, settings.lookUps().perRemote()),
                FederationLimits.of(limits, settings.federation()));
    }
}
