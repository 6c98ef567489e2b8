package dev.rmb.gateway.session;

import dev.rmb.cluster.limits.Limit;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import java.util.List;

/** How many sessions there may be, as it is now: it may be changed at any time. */
public record SessionLimits(Limit max, Limit maxPerTwin) {
    private static final LimitKind MAX = LimitKind.countFrom(1, "gateway.sessions.max");
    private static final LimitKind PER_TWIN = LimitKind.count("gateway.sessions.maxPerTwin");

    /** Those that can be changed. */
    public static final List<LimitKind> KINDS = List.of(MAX, PER_TWIN);

    /** As the settings say, until they are changed. */
    public static SessionLimits of(Limits limits, SessionSettings settings) {
        return new SessionLimits(
                limits.add(MAX, settings.max()), limits.add(PER_TWIN, settings.maxPerTwin()));
    }
}
