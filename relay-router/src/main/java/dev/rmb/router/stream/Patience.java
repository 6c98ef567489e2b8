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

    /** Some ten seconds, once the wait is the longest. */
    private static final int MANY = 8;

    private int timeouts;
    private int vain;

    /** The wait that begins with {@code first}. */
    Duration of(Duration first) {
        Duration wait = first.multipliedBy(1L << timeouts);
        return wait.compareTo(MOST) < 0 ? wait : MOST;
    }

    /**
     * One more wait was in vain.
     *
     * @return whether somebody should hear of it: they have been many, and the last such was long
     *     ago
     */
    boolean timedOut() {
        timeouts = Math.min(timeouts + 1, DOUBLINGS);
        vain++;
        return vain % MANY == 0;
    }
}
