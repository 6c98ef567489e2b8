package dev.rmb.cluster.link;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says what is worth a line in the log: the first time, and then once in a while however often it
 * happens. Thread-safe.
 */
final class Reminder {
    /** Who makes trouble from more hosts than this is not worth more lines. */
    private static final int MAX_SUBJECTS = 128;

    private final long pauseNanos;
    private final Map<String, Seen> subjects = new LinkedHashMap<>();

    private static final class Seen {
        private long atNanos;
        private long unsaid;
    }

    Reminder(Duration pause) {
        this.pauseNanos = pause.toNanos();
    }

    /**
     * Whether to say something about {@code subject} now.
     *
     * @return -1: no; else how often it happened since it was last said
     */
    synchronized long due(String subject, long nowNanos) {
        Seen seen = subjects.get(subject);
        if (seen == null) {
            if (subjects.size() >= MAX_SUBJECTS) {
                subjects.values().removeIf(s -> nowNanos - s.atNanos >= pauseNanos);
                if (subjects.size() >= MAX_SUBJECTS) {
                    return -1;
                }
            }
            seen = new Seen();
            subjects.put(subject, seen);
        } else if (nowNanos - seen.atNanos < pauseNanos) {
            seen.unsaid++;
            return -1;
        }
        seen.atNanos = nowNanos;
        long before = seen.unsaid;
        seen.unsaid = 0;
        return before;
    }

    /** The trouble is over; the next is news. */
    synchronized void forget(String subject) {
        subjects.remove(subject);
    }
}
