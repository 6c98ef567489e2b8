package dev.rmb.bench;

import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.Progress;
import dev.rmb.bench.process.Pauses;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a run to somebody who watches: how it goes on standard error, its result on output. */
final class Console implements Progress {
    private static final double MICROS_PER_MILLI = 1e3;

    private final PrintWriter out;
    private final PrintWriter err;

    Console(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void note(String text) {
        err.println(text);
    }

    @Override
    public void second(
            boolean measuring,
            long elapsedSeconds,
            double messagesPerSecond,
            LoadReport.Latency latency) {
        err.println(
                String.format(
                        Locale.ROOT,
                        "%4d s %-9s %,10.0f msg/s   p50 %8.3f ms   p99 %8.3f ms",
                        elapsedSeconds,
                        measuring ? "measuring" : "warm-up",
                        messagesPerSecond,
                        latency.p50() / MICROS_PER_MILLI,
                        latency.p99() / MICROS_PER_MILLI));
    }

    void report(LoadReport report) {
        LoadReport.Settings settings = report.settings();
        out.println(
                String.format(
                        Locale.ROOT,
                        "%d senders, %d receivers%s, %s, payload %d bytes (envelope %d)",
                        settings.senders(),
                        settings.receivers(),
                        settings.isAnswered() ? " that answer" : "",
                        settings.rate() == null
                                ? "window " + settings.window()
                                : String.format(Locale.ROOT, "%,.0f msg/s", settings.rate()),
                        settings.payloadBytes(),
                        settings.envelopeBytes()));
        out.println(
                String.format(
                        Locale.ROOT,
                        "throughput  %,.0f msg/s, %.1f MiB/s over %.1f s",
                        report.messagesPerSecond(),
                        report.mebibytesPerSecond(),
                        report.seconds()));
        out.println("latency ms  " + latency(report.latency()));
        if (settings.rate() != null) {
            out.println("  of it own " + latency(report.lateness()));
        }
        delivery(report.delivery());
        costs(report.servers());
        if (report.servers().size() > 1) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "all         %.1f µs CPU per message",
                            report.cpuMicrosPerMessage()));
        }
        if (report.generator() != null) {
            costs(List.of(report.generator()));
        }
        if (report.broken() != null) {
            out.println("broken      " + report.broken());
        }
        machine();
        out.flush();
    }

    /** What became of the messages. */
    void delivery(LoadReport.Delivery delivery) {
        out.println(
                String.format(
                        Locale.ROOT,
                        "messages    sent %,d, received %,d, lost %,d, duplicated %,d, reordered %,d"
                                + ", of other runs %,d",
                        delivery.sent(),
                        delivery.received(),
                        delivery.lost(),
                        delivery.duplicated(),
                        delivery.reordered(),
                        delivery.foreign()));
        delivery.errors()
                .forEach((text, count) -> out.println("  error     " + count + " × " + text));
    }

    /** What processes used. */
    void costs(List<LoadReport.Cost> costs) {
        costs.forEach(cost ->
                out.println(String.format(Locale.ROOT, "%-11s %s", cost.name(), cost(cost))));
    }

    /** Where it was measured. */
    void machine() {
        LoadReport.Machine machine = LoadReport.Machine.here();
        out.println(
                String.format(
                        Locale.ROOT,
                        "machine     %s, %d processors, %s, Java %s",
                        machine.processor(),
                        machine.processors(),
                        machine.system(),
                        machine.java()));
    }

    static String latency(LoadReport.Latency latency) {
        return String.format(
                Locale.ROOT,
                "mean %.3f, p50 %.3f, p90 %.3f, p99 %.3f, p99.9 %.3f, max %.3f",
                latency.mean() / MICROS_PER_MILLI,
                latency.p50() / MICROS_PER_MILLI,
                latency.p90() / MICROS_PER_MILLI,
                latency.p99() / MICROS_PER_MILLI,
                latency.p999() / MICROS_PER_MILLI,
                latency.max() / MICROS_PER_MILLI);
    }

    private static String cost(LoadReport.Cost cost) {
        return String.format(
                Locale.ROOT,
                "%d: %.1f µs CPU per message, %.2f processors, RSS %.0f MiB (peak %.0f)%s",
                cost.pid(),
                cost.cpuMicrosPerMessage(),
                cost.processors(),
                cost.rssMebibytes(),
                cost.peakRssMebibytes(),
                pauses(cost.pauses()));
    }

    private static String pauses(@Nullable Pauses pauses) {
        return pauses == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %d GC pauses of %.1f ms together, %.1f at most",
                        pauses.count(),
                        pauses.totalMillis(),
                        pauses.longestMillis());
    }
}
