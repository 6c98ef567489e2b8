package dev.rmb.router.stream;

import java.time.Duration;

/**
 * How long to wait for one answer of Kafka. What is asked again starts over, so with a fixed wait a
 * broker that is a little slower than it would never be heard at all: each time-out doubles it.
 */
final class Patience {
    /** Less than the transactions' time-out: a stream thread that waits longer loses them. */
    static final Duration MOST = Duration.ofSeconds(2);

    private static final int DOUBLINGS = 16;

    private int timeouts;

    /** The wait that begins with {@code first}. */
    Duration of(Duration first) {
        Duration wait = first.multipliedBy(1L << timeouts);
        return wait.compareTo(MOST) < 0 ? wait : MOST;
    }

    void timedOut() {
        timeouts = Math.min(timeouts + 1, DOUBLINGS);
    }
}
