package dev.rmb.router.stream;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far this machine's clock is from those of the brokers, by which a message's life counts
 * (delivery.md, 8): mail expires so much too early, or too late. Thread-safe.
 *
 * <p>Measured by the age of records that were read at once: it is the difference of the clocks and
 * the time that reading took. The least of some seconds counts, because reading takes long now and
 * then; a record from the future needs no second one.
 */
final class ClockSkew {
    static final long WINDOW_MS = 10_000;

    /** A difference that a user could notice, and that a clock that is kept by NTP never has. */
    static final long ALARM_MS = 3_000;

    private static final Logger log = LoggerFactory.getLogger(ClockSkew.class);

    private static final int ENOUGH = 3;
    private static final long WARN_EVERY_MS = 600_000;

    private long beganMs;
    private int samples;
    private long leastMs;
    private long warnedMs;
    private boolean warned;
    private long aheadMs;

    /**
     * A record was read as soon as it was written.
     *
     * @param ageMs by this machine's clock; negative if it comes from the future
     * @param nowMs monotonic
     */
    synchronized void read(long ageMs, long nowMs) {
        if (samples > 0 && nowMs - beganMs >= WINDOW_MS) {
            judge(nowMs);
            samples = 0;
        }
        if (samples == 0) {
            beganMs = nowMs;
            leastMs = ageMs;
        }
        leastMs = Math.min(leastMs, ageMs);
        samples++;
    }

    /** By how much this machine's clock is ahead of the brokers', when last measured. */
    synchronized long aheadMs() {
        return aheadMs;
    }

    private void judge(long nowMs) {
        if (leastMs >= 0 && samples < ENOUGH) {
            return;
        }
        aheadMs = leastMs;
        boolean isDue = !warned || nowMs - warnedMs >= WARN_EVERY_MS;
        if (Math.abs(aheadMs) >= ALARM_MS && isDue) {
            warned = true;
            warnedMs = nowMs;
            log.warn(
                    "This machine's clock is {} {} the broker's, so that mail expires too {}; set"
                            + " both by NTP",
                    Duration.ofMillis(Math.abs(aheadMs)),
                    aheadMs > 0 ? "ahead of" : "behind",
                    aheadMs > 0 ? "early" : "late");
        }
    }
}
