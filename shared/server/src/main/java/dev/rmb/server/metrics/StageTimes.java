package dev.rmb.server.metrics;

import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long one stage of a message's way takes: a histogram with fixed buckets. Thread-safe; threads
 * that record at once do not wait for each other.
 */
public final class StageTimes implements Metric {
    /** From what a machine of one's own takes to the longest that a client is waited for. */
    private static final long[] BOUNDS_NANOS = {
        micros(250),
        micros(500),
        millis(1),
        micros(2_500),
        millis(5),
        millis(10),
        millis(25),
        millis(50),
        millis(100),
        millis(250),
        millis(500),
        millis(1_000),
        millis(2_500),
        millis(5_000),
        millis(10_000),
        millis(30_000),
        millis(60_000)
    };

    private final LongAdder[] buckets = new LongAdder[BOUNDS_NANOS.length + 1];
    private final LongAdder nanos = new LongAdder();

    private StageTimes() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    private static long micros(long amount) {
        return TimeUnit.MICROSECONDS.toNanos(amount);
    }

    private static long millis(long amount) {
        return TimeUnit.MILLISECONDS.toNanos(amount);
    }

    /** The histogram of a stage; the same one for all who name it. */
    public static StageTimes of(MetricRegistry registry, String stage) {
        String name = "rmb_stage_seconds{stage=\"%s\"}".formatted(stage);
        synchronized (registry) {
            return registry.getMetrics().get(name) instanceof StageTimes known
                    ? known
                    : registry.register(name, new StageTimes());
        }
    }

    /** One of them begins now. */
    public Stopwatch start() {
        return new Stopwatch(this);
    }

    public void record(Duration time) {
        record(time.toNanos());
    }

    /** Clocks of two machines may say less than nothing: that counts as nothing. */
    void record(long tookNanos) {
        long took = Math.max(0, tookNanos);
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && took > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        nanos.add(took);
    }

    /** How many buckets there are; the last has no upper bound. */
    public int buckets() {
        return buckets.length;
    }

    /** In seconds; the last is infinite. */
    public double upperBound(int bucket) {
        return bucket < BOUNDS_NANOS.length
                ? BOUNDS_NANOS[bucket] / (double) TimeUnit.SECONDS.toNanos(1)
                : Double.POSITIVE_INFINITY;
    }

    /** How many fell into this bucket, and into none before it. */
    public long count(int bucket) {
        return buckets[bucket].sum();
    }

    public double sumSeconds() {
        return nanos.sum() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
