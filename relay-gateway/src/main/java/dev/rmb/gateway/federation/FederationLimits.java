package dev.rmb.gateway.federation;

import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.gateway.ratelimit.RateLimits;
import java.util.List;
import java.util.stream.Stream;

/** What is taken from other relays in a minute, as it is now: it may be changed at any time. */
public record FederationLimits(RateLimits perRemote, RateLimits perTwin) {
    private static final String PER_REMOTE = "gateway.federation.perRemote";
    private static final String PER_TWIN = "gateway.federation.perTwin";

    /** Those that can be changed. */
    public static final List<LimitKind> KINDS =
            Stream.of(PER_REMOTE, PER_TWIN).map(RateLimits::kinds).flatMap(List::stream).toList();

    /** As the settings say, until they are changed. */
    public static FederationLimits of(Limits limits, FederationSettings settings) {
        return new FederationLimits(
                RateLimits.of(limits, PER_REMOTE, settings.perRemote()),
                RateLimits.of(limits, PER_TWIN, settings.perTwin()));
    }
}
