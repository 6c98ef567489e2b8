package dev.rmb.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before connecting again: a random time below a limit that doubles with each
 * failure, so that the clients of a relay that went away do not all come back at once.
 */
final class Backoff {
    private static final int MAX_DOUBLINGS = 30;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    /**
     * Before any failure.
     *
     * @param first limit of the first wait
     * @param longest what the limit grows to
     * @param random draws the waits
     */
    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** The wait after another failure. */
    Duration next() {
        long limit = first.toMillis() << Math.min(failures, MAX_DOUBLINGS);
        failures++;
        return Duration.ofMillis(random.nextLong(1 + Math.min(limit, longest.toMillis())));
    }

    /** Starts over, after a connection that held. */
    void reset() {
        failures = 0;
    }
}
