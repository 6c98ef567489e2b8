package dev.rmb.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * The figures that count, a line for each benchmark. Medians: on a machine that others use, a few
 * disturbed iterations move a mean and leave a median where it is.
 */
final class MicroSummary {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final int MEDIAN = 50;
    private static final int LOWEST = 0;

    private MicroSummary() {}

    static void print(PrintWriter out, List<RunResult> results) {
        int width = results.stream().mapToInt(r -> name(r).length()).max().orElse(0);
        String line = "%-" + Math.max(width, 1) + "s %12s %12s %12s %12s %12s%n";
        out.println();
        out.printf(line, "ns/op, medians", "processor", "(lowest)", "elapsed", "(lowest)", "B/op");
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            double toNanos = params.getTimeUnit().toNanos(1);
            Statistics elapsed = result.getPrimaryResult().getStatistics();
            out.printf(
                    line,
                    name(result),
                    percentile(result, CpuTimeProfiler.FIGURE, MEDIAN),
                    percentile(result, CpuTimeProfiler.FIGURE, LOWEST),
                    number(elapsed.getPercentile(MEDIAN) * toNanos),
                    number(elapsed.getMin() * toNanos),
                    percentile(result, ALLOCATED, MEDIAN));
        }
        out.printf(
                Locale.ROOT,
                "%nload average now %.1f, %d processors, %s %s%n",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"));
        out.flush();
    }

    private static String percentile(RunResult result, String figure, int percentile) {
        Result<?> found = result.getSecondaryResults().get(figure);
        return found == null ? "-" : number(found.getStatistics().getPercentile(percentile));
    }

    /** The class and method, with the parameters behind. */
    private static String name(RunResult result) {
        BenchmarkParams params = result.getParams();
        String method = params.getBenchmark();
        int classAt = method.lastIndexOf('.', method.lastIndexOf('.') - 1) + 1;
        String parameters =
                params.getParamsKeys().stream()
                        .map(params::getParam)
                        .collect(Collectors.joining(" "));
        return (method.substring(classAt) + " " + parameters).strip();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
