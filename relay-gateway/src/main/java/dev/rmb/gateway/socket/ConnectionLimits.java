package dev.rmb.gateway.socket;

import dev.rmb.cluster.limits.Limit;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import java.util.List;

/** Which connections are taken, as it is now: it may be changed at any time. */
public record ConnectionLimits(Limit max, Limit perRemote, Limit ratePerRemote) {
    private static final LimitKind MAX = LimitKind.count("gateway.connections.max");
    private static final LimitKind PER_REMOTE = LimitKind.count("gateway.connections.perRemote");
    private static final LimitKind RATE = LimitKind.count("gateway.connections.ratePerRemote");

    /** Those that can be changed. */
    public static final List<LimitKind> KINDS = List.of(MAX, PER_REMOTE, RATE);

    /** As the settings say, until they are changed. */
    public static ConnectionLimits of(Limits limits, ConnectionSettings settings) {
        return new ConnectionLimits(
                limits.add(MAX, settings.max()),
                limits.add(PER_REMOTE, settings.perRemote()),
                limits.add(RATE, settings.ratePerRemote()));
    }
}
