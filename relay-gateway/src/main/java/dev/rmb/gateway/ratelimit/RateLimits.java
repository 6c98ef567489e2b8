package dev.rmb.gateway.ratelimit;

import dev.rmb.cluster.limits.Limit;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What may be sent in each minute of the clock, as it is now: it may be changed at any time.
 *
 * @param messages of any kind; 0: any number
 * @param bytes of them together; 0: any
 */
public record RateLimits(LongSupplier messages, LongSupplier bytes) {
    /**
     * Those that can be changed.
     *
     * @param path of the settings
     */
    public static List<LimitKind> kinds(String path) {
        return List.of(messages(path), size(path));
    }

    /** As the settings say, until they are changed. */
    public static RateLimits of(Limits limits, String path, RateLimitSettings settings) {
        Limit messages = limits.add(messages(path), settings.messages());
        Limit size = limits.add(size(path), settings.size().toBytes());
        return new RateLimits(messages::inForce, size::inForce);
    }

    private static LimitKind messages(String path) {
        return LimitKind.count(path + ".messages");
    }

    private static LimitKind size(String path) {
        return LimitKind.bytes(path + ".size");
    }
}
