package dev.rmb.router.stream;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one partition's owner is behind the log, in time. Beyond a quarter of the log's retention
 * that is an alarm (delivery.md, 8): what is behind the retention is lost. Written by the
 * partition's thread, read by any.
 */
final class LogLag {
    private static final Logger log = LoggerFactory.getLogger(LogLag.class);

    /** Between two batches nothing is read: the last figure stands so long. */
    private static final long STANDS_MS = 5_000;

    /** An episode ends well below where it begins, so that there is one warning for it. */
    private static final int END = 2;

    private final int partition;
    private final long alarmMs;
    private volatile long lagMs;
    private volatile boolean isAlarm;
    private long readMs;

    LogLag(int partition, long alarmMs) {
        this.partition = partition;
        this.alarmMs = alarmMs;
    }

    /**
     * @param ageMs of the oldest record that was read since the last time; 0 if none was
     */
    void read(long ageMs, long nowMs) {
        if (ageMs > 0) {
            lagMs = ageMs;
            readMs = nowMs;
        } else if (nowMs - readMs >= STANDS_MS) {
            lagMs = 0;
        }
        if (!isAlarm && lagMs >= alarmMs) {
            isAlarm = true;
            log.warn(
                    "Partition {} is read {} after it was written; what is older than the log's"
                            + " retention is lost",
                    partition,
                    Duration.ofMillis(lagMs));
        } else if (isAlarm && lagMs < alarmMs / END) {
            isAlarm = false;
        }
    }

    long lagMs() {
        return lagMs;
    }

    boolean isAlarm() {
        return isAlarm;
    }
}
