package dev.rmb.client;

import java.time.Duration;

/** Lets one through in a while, so that what goes on does not scroll. Thread-safe. */
final class Seldom {
    private final long pauseNanos;
    private long lastAt;
    private boolean any;

    Seldom(Duration pause) {
        this.pauseNanos = pause.toNanos();
    }

    /** Whether this is the first in a while. */
    synchronized boolean next() {
        long now = System.nanoTime();
        if (any && now - lastAt < pauseNanos) {
            return false;
        }
        any = true;
        lastAt = now;
        return true;
    }
}
