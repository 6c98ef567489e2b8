package dev.rmb.bench.figure;

import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.process.Pauses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What tables and comparisons show of a load. Figures are in the units that their names say. */
public final class LoadFigures {
    public static final String RATE = "msg/s";
    public static final String CALLS = "calls/s";
    public static final String CPU = "CPU µs per message";
    public static final String P50 = "p50 ms";
    public static final String P99 = "p99 ms";
    public static final String LONGEST_PAUSE = "longest GC pause ms";
    public static final String RSS = "MiB RSS";

    private static final double MICROS_PER_MILLI = 1e3;

    private LoadFigures() {}

    /** Those of one run, in the order in which they are shown. */
    public static Map<String, Double> of(LoadReport report) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put(report.settings().isAnswered() ? CALLS : RATE, report.messagesPerSecond());
        figures.put(P50, report.latency().p50() / MICROS_PER_MILLI);
        figures.put(P99, report.latency().p99() / MICROS_PER_MILLI);
        if (!report.servers().isEmpty()) {
            figures.put(CPU, report.cpuMicrosPerMessage());
            figures.put(
                    RSS,
                    report.servers().stream().mapToDouble(LoadReport.Cost::rssMebibytes).sum());
        }
        report.servers().stream()
                .map(LoadReport.Cost::pauses)
                .filter(Objects::nonNull)
                .mapToDouble(Pauses::longestMillis)
                .max()
                .ifPresent(longest -> figures.put(LONGEST_PAUSE, longest));
        return figures;
    }
}
