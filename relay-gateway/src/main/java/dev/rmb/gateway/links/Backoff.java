package dev.rmb.gateway.links;

import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: each twice the one before up to a limit, less up to a half at random.
 */
final class Backoff {
    private final long firstMs;
    private final long lastMs;
    private final RandomGenerator random;
    private long nextMs;

    Backoff(long firstMs, long lastMs, RandomGenerator random) {
        this.firstMs = firstMs;
        this.lastMs = lastMs;
        this.random = random;
        this.nextMs = firstMs;
    }

    long nextMs() {
        long ms = nextMs;
        nextMs = Math.min(lastMs, 2 * ms);
        return ms - random.nextLong(ms / 2 + 1);
    }

    void reset() {
        nextMs = firstMs;
    }
}
