package dev.rmb.gateway.ratelimit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts what twins send in the present minute. Thread-safe. Keeps the twins that sent something in
 * it, and nothing older.
 */
public final class RateLimiter {
    private static final long MINUTE_MS = 60_000;

    private final int maxMessages;
    private final long maxBytes;
    private volatile Minute present = new Minute(0);

    /** A minute since the epoch, and what came in it. */
    private static final class Minute {
        final long number;
        final ConcurrentMap<Long, Usage> twins = new ConcurrentHashMap<>();

        Minute(long number) {
            this.number = number;
        }
    }

    /** Of one twin; guarded by itself. */
    private static final class Usage {
        private int messages;
        private long bytes;
    }

    public RateLimiter(RateLimitSettings settings) {
        this.maxMessages = settings.messages();
        this.maxBytes = settings.size().toBytes();
    }

    /**
     * Counts a message, unless it is above the limits.
     *
     * @param nowMs since the epoch; may be a little older than that of another thread
     * @return whether it is within them
     */
    public boolean take(long twin, int bytes, long nowMs) {
        if (maxMessages == 0 && maxBytes == 0) {
            return true;
        }
        Usage usage = minute(nowMs / MINUTE_MS).twins.computeIfAbsent(twin, _ -> new Usage());
        synchronized (usage) {
            if ((maxMessages > 0 && usage.messages >= maxMessages)
                    || (maxBytes > 0 && usage.bytes + bytes > maxBytes)) {
                return false;
            }
            usage.messages++;
            usage.bytes += bytes;
            return true;
        }
    }

    private Minute minute(long number) {
        Minute known = present;
        return number <= known.number ? known : begin(number);
    }

    private synchronized Minute begin(long number) {
        Minute known = present;
        if (number > known.number) {
            known = new Minute(number);
            present = known;
        }
        return known;
    }
}
