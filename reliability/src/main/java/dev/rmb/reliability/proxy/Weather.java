package dev.rmb.reliability.proxy;

import java.time.Duration;

/** How a connection through a {@link Proxy} fares. */
public sealed interface Weather {
    /** Everything passes at once. */
    record Fair() implements Weather {}

    /**
     * Everything passes later.
     *
     * @param delay in each direction
     * @param bytesPerSecond in each direction
     */
    record Slow(Duration delay, long bytesPerSecond) implements Weather {}

    /** Nothing passes, and nobody is told; what is under way waits. */
    record Stalled() implements Weather {}

    /** Connections break, and new ones break at once. */
    record Cut() implements Weather {}
}
