package dev.rmb.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/** Collects what the recorders of several loops hold. Belongs to the thread that runs the load. */
public final class Latencies {
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<SingleWriterRecorder> recorders;
    private final List<@Nullable Histogram> spare = new ArrayList<>();
    private final Histogram interval = LoadLoop.histogram();
    private final Histogram total = LoadLoop.histogram();

    Latencies(List<SingleWriterRecorder> recorders) {
        this.recorders = recorders;
        recorders.forEach(recorder -> spare.add(null));
    }

    /** Takes what was recorded since the last call. */
    Histogram next() {
        interval.reset();
        for (int i = 0; i < recorders.size(); i++) {
            Histogram part = recorders.get(i).getIntervalHistogram(spare.get(i));
            interval.add(part);
            spare.set(i, part);
        }
        total.add(interval);
        return interval;
    }

    /** Forgets what was taken so far. */
    void restart() {
        next();
        total.reset();
    }

    /** All that was taken since the last restart. */
    Histogram total() {
        return total;
    }

    /** An empty histogram of nanoseconds. */
    public static Histogram histogram() {
        return LoadLoop.histogram();
    }

    /** The value that a histogram takes for a time that may be beyond its bounds. */
    public static long recordable(long nanos) {
        return Math.clamp(nanos, 0, LoadLoop.MAX_NANOS);
    }

    /** What of it a report says. */
    public static LoadReport.Latency summary(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return new LoadReport.Latency(0, 0, 0, 0, 0, 0);
        }
        return new LoadReport.Latency(
                nanos.getMean() / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(90) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
                nanos.getMaxValue() / NANOS_PER_MICRO);
    }
}
