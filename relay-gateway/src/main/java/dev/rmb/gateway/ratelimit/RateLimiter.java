package dev.rmb.gateway.ratelimit;

import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts what twins send in the present minute, through this gateway and, as far as it has heard,
 * through others. Thread-safe. Keeps the twins that sent something in it, and nothing older.
 */
public final class RateLimiter {
    private static final long MINUTE_MS = 60_000;

    /** While nothing is limited, nothing is kept. */
    private static final Minute NONE = new Minute(Long.MIN_VALUE);

    private final RateLimits limits;
    private volatile Minute present = NONE;

    /** A minute since the epoch, and what came in it. */
    private static final class Minute {
        final long number;
        final ConcurrentMap<Long, Usage> twins = new ConcurrentHashMap<>();

        /** Those of whom there is something to report, each of them once. */
        final Queue<Usage> changed = new ConcurrentLinkedQueue<>();

        Minute(long number) {
            this.number = number;
        }
    }

    /** Of one twin; guarded by itself. */
    private static final class Usage {
        private final long twin;
        private long messages;
        private long bytes;
        private long messagesElsewhere;
        private long bytesElsewhere;
        private boolean isToReport;

        Usage(long twin) {
            this.twin = twin;
        }
    }

    /** Hears what twins have sent through this gateway. */
    @FunctionalInterface
    public interface Reports {
        /**
         * @param minute since the epoch
         * @param messages in all of the minute so far
         */
        void report(long minute, long twin, long messages, long bytes);
    }

    public RateLimiter(RateLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts a message, unless it is above the limits.
     *
     * @param nowMs since the epoch; may be a little older than that of another thread
     * @return whether it is within them
     */
    public boolean take(long twin, int bytes, long nowMs) {
        long maxMessages = limits.messages().getAsLong();
        long maxBytes = limits.bytes().getAsLong();
        if (maxMessages == 0 && maxBytes == 0) {
            forget();
            return true;
        }
        Minute minute = minute(nowMs / MINUTE_MS);
        Usage usage = minute.twins.computeIfAbsent(twin, Usage::new);
        synchronized (usage) {
            if ((maxMessages > 0 && usage.messages + usage.messagesElsewhere >= maxMessages)
                    || (maxBytes > 0 && usage.bytes + usage.bytesElsewhere + bytes > maxBytes)) {
                // Said again: the last report may have got lost, or the owner is another now.
                changed(minute, usage);
                return false;
            }
            usage.messages++;
            usage.bytes += bytes;
            changed(minute, usage);
            return true;
        }
    }

    /** The caller holds the lock of {@code usage}. */
    private static void changed(Minute minute, Usage usage) {
        if (!usage.isToReport) {
            usage.isToReport = true;
            minute.changed.add(usage);
        }
    }

    /** Whether there is anything to report. */
    public boolean hasReports() {
        return !present.changed.isEmpty();
    }

    /** Reports the twins that have sent something in the present minute since the last report. */
    public void report(Reports to) {
        Minute minute = present;
        // Who sends while this goes on is reported again: by the next report.
        int most = minute.twins.size();
        Usage usage;
        while (most-- > 0 && (usage = minute.changed.poll()) != null) {
            long messages;
            long bytes;
            synchronized (usage) {
                usage.isToReport = false;
                messages = usage.messages;
                bytes = usage.bytes;
            }
            to.report(minute.number, usage.twin, messages, bytes);
        }
    }

    /** The twin has sent so much through other gateways, in all of that minute so far. */
    public void elsewhere(long number, long twin, long messages, long bytes) {
        Minute minute = present;
        Usage usage = minute.number == number ? minute.twins.get(twin) : null;
        if (usage != null) {
            synchronized (usage) {
                // Answers of an owner that has just taken over know less than those before.
                usage.messagesElsewhere = Math.max(usage.messagesElsewhere, messages);
                usage.bytesElsewhere = Math.max(usage.bytesElsewhere, bytes);
            }
        }
    }

    /** There were limits until now, maybe. */
    @SuppressWarnings("ReferenceEquality") // this very object
    private void forget() {
        if (present != NONE) {
            present = NONE;
        }
    }

    private Minute minute(long number) {
        Minute known = present;
        return isOf(known, number) ? known : begin(number);
    }

    /** Also the one before: a thread may be late. A clock that was set back is no such thing. */
    private static boolean isOf(Minute known, long number) {
        return number == known.number || number == known.number - 1;
    }

    private synchronized Minute begin(long number) {
        Minute known = present;
        if (!isOf(known, number)) {
            known = new Minute(number);
            present = known;
        }
        return known;
    }
}
