package dev.rmb.gateway.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many sessions each twin has. Thread-safe. */
final class TwinSessions {
    private final ConcurrentMap<Long, Integer> counts = new ConcurrentHashMap<>();

    void opened(long twin) {
        var _ = counts.merge(twin, 1, Integer::sum);
    }

    void closed(long twin) {
        var _ = counts.computeIfPresent(twin, (_, count) -> count == 1 ? null : count - 1);
    }

    int count(long twin) {
        return counts.getOrDefault(twin, 0);
    }
}
