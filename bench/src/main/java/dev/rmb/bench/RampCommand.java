package dev.rmb.bench;

import dev.rmb.bench.chart.LatencyChart;
import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadRun;
import dev.rmb.bench.load.LoadSettings;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.targets.Target;
import dev.rmb.bench.twins.DemoTwin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws latency over load. */
@Command(
        name = "ramp",
        mixinStandardHelpOptions = true,
        description = {
            "Puts one rate after the other on each target (open loop), until it no longer keeps up, and",
            "draws median and p99 of the latency over the load. The same sessions and payload at all",
            "rates; see --senders and so on."
        },
        footer = {"", "A target is one of " + TargetOptions.FORMS})
final class RampCommand implements Callable<Integer> {
    /** A target that carries less of what it is offered does not keep up. */
    private static final double KEPT_UP = 0.95;

    private static final double MICROS_PER_MILLI = 1e3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..*",
            description = "what is measured (default: up and hub)")
    private List<String> targets = List.of("up", "hub");

    @Option(
            names = "--rates",
            paramLabel = "PER_SECOND",
            split = ",",
            description = "one after the other (default: ${DEFAULT-VALUE})")
    private List<Double> rates =
            List.of(500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0, 100_000.0);

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            description =
                    "at each rate after the first one, not measured; --warmup is for the first"
                            + " (default: 3s)")
    private Duration settle = Duration.ofSeconds(3);

    @Mixin private final LoadOptions options = new LoadOptions();

    @Mixin private final DemoTwinOptions demoTwins = new DemoTwinOptions();

    @Option(names = "--svg", paramLabel = "FILE", description = "write the picture here")
    private @Nullable Path svg;

    @Option(names = "--json", paramLabel = "FILE", description = "also write all reports here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var console = new Console(out, spec.commandLine().getErr());
        List<Target> parsed = parsed();
        Map<String, List<LoadReport>> reports = new LinkedHashMap<>();
        List<LatencyChart.Line> lines = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            String name = targets.get(i);
            List<LoadReport> ofTarget = ramp(name, parsed.get(i), console);
            reports.put(name, ofTarget);
            lines.add(
                    new LatencyChart.Line(
                            name, ofTarget.stream().map(RampCommand::point).toList()));
        }
        print(out, reports);
        console.machine();
        out.flush();
        if (svg != null) {
            Load load = options.load();
            Files.writeString(
                    svg,
                    new LatencyChart(
                                    "Latency over load: %d senders, %d receivers, %d bytes"
                                            .formatted(
                                                    load.senders(),
                                                    load.receivers(),
                                                    load.payload()),
                                    lines)
                            .svg());
        }
        Json.write(json, reports);
        return reports.values().stream().flatMap(List::stream).allMatch(LoadReport::isPerfect)
                ? ExitCode.PERFECT
                : ExitCode.IMPERFECT;
    }

    private List<Target> parsed() {
        try {
            rates.forEach(rate -> options.load().at(rate));
            return targets.stream().map(Target::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private List<LoadReport> ramp(String name, Target target, Console console)
            throws InterruptedException {
        Load load = options.load();
        List<DemoTwin> twins = LoadRun.twins(options.firstTwin(), load.senders(), load.receivers());
        console.note("starting " + name);
        if (!target.isStarted()) {
            var _ = demoTwins.register(twins);
        }
        List<LoadReport> reports = new ArrayList<>();
        try (Servers servers = target.start(twins)) {
            for (double rate : rates) {
                console.note(String.format(Locale.ROOT, "%s at %,.0f msg/s", name, rate));
                LoadReport report =
                        new LoadRun(
                                        at(rate, options.on(servers), reports.isEmpty()),
                                        console,
                                        InstantSource.system())
                                .run();
                reports.add(report);
                if (!keptUp(report)) {
                    console.note("it does not keep up");
                    break;
                }
            }
        }
        return reports;
    }

    private LoadSettings at(double rate, LoadSettings usual, boolean isFirst) {
        return new LoadSettings(
                usual.relays(),
                usual.firstTwin(),
                usual.load().at(rate),
                isFirst ? usual.warmup() : settle,
                usual.duration(),
                usual.loops(),
                usual.servers());
    }

    private static boolean keptUp(LoadReport report) {
        Double rate = report.settings().rate();
        return report.broken() == null
                && rate != null
                && report.messagesPerSecond() >= KEPT_UP * rate;
    }

    private static LatencyChart.Point point(LoadReport report) {
        Double rate = report.settings().rate();
        return new LatencyChart.Point(
                rate == null ? report.messagesPerSecond() : rate,
                report.latency().p50() / MICROS_PER_MILLI,
                report.latency().p99() / MICROS_PER_MILLI,
                keptUp(report));
    }

    private static void print(PrintWriter out, Map<String, List<LoadReport>> reports) {
        out.println("| target | msg/s offered | carried | p50 ms | p99 ms | CPU µs per message |");
        out.println("| --- | --- | --- | --- | --- | --- |");
        reports.forEach((name, ofTarget) -> {
            for (LoadReport report : ofTarget) {
                out.println(
                        String.format(
                                Locale.ROOT,
                                "| %s | %,.0f | %,.0f | %.3f | %.3f | %.1f |",
                                name,
                                report.settings().rate(),
                                report.messagesPerSecond(),
                                report.latency().p50() / MICROS_PER_MILLI,
                                report.latency().p99() / MICROS_PER_MILLI,
                                report.cpuMicrosPerMessage()));
            }
        });
    }
}
