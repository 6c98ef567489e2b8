package dev.rmb.gateway.federation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which twins were looked up anew a moment ago, so that the same wrong message, sent again and
 * again, does not ask the directory's source each time. Thread-safe; remembers the last so many.
 */
final class Refreshes {
    static final long MOMENT_MS = 10_000;
    private static final int MAX = 4096;

    private final Map<Long, Long> lastMs =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                    return size() > MAX;
                }
            };

    /**
     * Whether the twin may be looked up anew; it counts as done then.
     *
     * @param nowMs of a clock that only goes on
     */
    synchronized boolean begin(long twin, long nowMs) {
        Long last = lastMs.get(twin);
        if (last != null && nowMs - last < MOMENT_MS) {
            return false;
        }
        lastMs.remove(twin);
        lastMs.put(twin, nowMs);
        return true;
    }
}
