package dev.rmb.protocol.envelope;

/**
 * How long an envelope may be delivered. See docs/specification.md, 5. All numbers are seconds and,
 * as on the wire, unsigned.
 *
 * @param timestamp when it was sent, since the epoch, by the sender's clock
 * @param expiration after how long it is void
 */
public record Lifetime(long timestamp, long expiration) {
    /**
     * Whether it may still be delivered.
     *
     * @param now seconds since the epoch
     * @return whether anything of it remains
     */
    public boolean isAliveAt(long now) {
        return remainingAt(now) != 0;
    }

    /**
     * For how long it may still be delivered; 0 once its time is over.
     *
     * @param now seconds since the epoch
     * @return seconds, at most 2^64 - 1
     */
    public long remainingAt(long now) {
        if (Long.compareUnsigned(timestamp, now) > 0) {
            long remaining = timestamp - now + expiration;
            boolean overflows = Long.compareUnsigned(remaining, expiration) < 0;
            return overflows ? -1L : remaining;
        }
        return expirationLessBy(now - timestamp);
    }

    /**
     * This lifetime as told by somebody who sends the envelope now: the deadline stays where it is.
     * A timestamp that is absent or in the future tells nothing, and becomes now.
     *
     * @param now seconds since the epoch
     * @return a lifetime with {@code now} as its timestamp
     */
    public Lifetime stampedAt(long now) {
        boolean unset = timestamp == 0 || Long.compareUnsigned(timestamp, now) > 0;
        return new Lifetime(now, unset ? expiration : expirationLessBy(now - timestamp));
    }

    private long expirationLessBy(long elapsed) {
        return Long.compareUnsigned(expiration, elapsed) > 0 ? expiration - elapsed : 0;
    }
}
