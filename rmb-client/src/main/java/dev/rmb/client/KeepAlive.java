package dev.rmb.client;

import java.time.Duration;

/**
 * When to ping, and when to give a silent connection up. Times are of {@link System#nanoTime}. See
 * docs/specification.md, 8.2.
 */
final class KeepAlive {
    private final long pingNanos;
    private final long silenceNanos;
    private long heardAt;
    private long pingedAt;

    /**
     * For a connection that just opened.
     *
     * @param ping how often to ping
     * @param silence after how long without a frame the connection counts as dead
     * @param now of {@link System#nanoTime}
     */
    KeepAlive(Duration ping, Duration silence, long now) {
        this.pingNanos = ping.toNanos();
        this.silenceNanos = silence.toNanos();
        this.heardAt = now;
        this.pingedAt = now;
    }

    /** A frame came, or none could because this side does not read. */
    void heard(long now) {
        heardAt = now;
    }

    /** A ping was sent. */
    void pinged(long now) {
        pingedAt = now;
    }

    boolean isDead(long now) {
        return now - heardAt >= silenceNanos;
    }

    boolean isPingDue(long now) {
        return now - pingedAt >= pingNanos;
    }

    /** Nanoseconds until one of the two may have become true. */
    long untilNextCheck(long now) {
        return Math.max(0, Math.min(pingedAt + pingNanos - now, heardAt + silenceNanos - now));
    }
}
