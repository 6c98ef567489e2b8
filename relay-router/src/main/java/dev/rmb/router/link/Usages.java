package dev.rmb.router.link;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.TwinUsage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the twins of this router's partitions have sent, by gateway and minute, for limits that
 * count across gateways. Gateways know the limits; here is only counted. Thread-safe. Keeps the
 * present minute and the one before, as clocks differ by a second or two.
 *
 * <p>After a takeover it knows nothing, and everything again with the next reports: each says all
 * of its minute.
 */
final class Usages {
    private static final int MINUTES = 2;

    /** No gateway can make this router remember more twins than this in a minute. */
    private static final int MAX_TWINS = 1_000_000;

    private final ConcurrentMap<Long, ConcurrentMap<Long, Twin>> minutes =
            new ConcurrentHashMap<>();

    /** Of one twin in one minute, by the gateway's incarnation; guarded by itself. */
    private static final class Twin {
        private final Map<Long, TwinUsage> gateways = new HashMap<>(2);

        synchronized TwinUsage report(long gateway, TwinUsage usage) {
            gateways.put(gateway, usage);
            long messages = 0;
            long bytes = 0;
            for (Map.Entry<Long, TwinUsage> each : gateways.entrySet()) {
                if (each.getKey() != gateway) {
                    messages += each.getValue().messages();
                    bytes += each.getValue().bytes();
                }
            }
            return new TwinUsage(usage.twin(), messages, bytes);
        }
    }

    /**
     * @param gateway its incarnation: what it reports over a new link is what it reported before
     * @return what to answer
     */
    RouterMessage.UsedElsewhere report(long gateway, GatewayMessage.Used used) {
        List<TwinUsage> elsewhere = new ArrayList<>(used.twins().size());
        ConcurrentMap<Long, Twin> twins = minute(used.minute());
        for (TwinUsage usage : used.twins()) {
            Twin twin = twins.get(usage.twin());
            if (twin == null && twins.size() < MAX_TWINS) {
                twin = twins.computeIfAbsent(usage.twin(), _ -> new Twin());
            }
            if (twin != null) {
                elsewhere.add(twin.report(gateway, usage));
            }
        }
        return new RouterMessage.UsedElsewhere(
                used.partition(), used.epoch(), used.minute(), elsewhere);
    }

    /** How many twins are remembered. */
    int size() {
        return minutes.values().stream().mapToInt(Map::size).sum();
    }

    private ConcurrentMap<Long, Twin> minute(long number) {
        ConcurrentMap<Long, Twin> known = minutes.get(number);
        if (known != null) {
            return known;
        }
        ConcurrentMap<Long, Twin> made =
                minutes.computeIfAbsent(number, _ -> new ConcurrentHashMap<>());
        while (minutes.size() > MINUTES) {
            // The oldest: which may be the one of a gateway whose clock is far behind.
            minutes.keySet().stream().min(Long::compare).ifPresent(minutes::remove);
        }
        return made;
    }
}
