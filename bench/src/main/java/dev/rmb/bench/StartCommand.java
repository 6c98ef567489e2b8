package dev.rmb.bench;

import dev.rmb.bench.figure.Figures;
import dev.rmb.bench.figure.Spread;
import dev.rmb.bench.startup.StartReport;
import dev.rmb.bench.startup.StartRun;
import dev.rmb.bench.targets.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells how long a relay takes to start and what it costs while nobody uses it. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a relay with a new data directory, several times, each time until it has carried",
            "one envelope; then leaves it alone, and reads its processor time and memory."
        })
final class StartCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = "what is started (default: ${DEFAULT-VALUE}): " + TargetOptions.FORMS)
    private String target = "up";

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "starts (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            description = "from the first envelope until it is left alone (default: 10s)")
    private Duration settle = Duration.ofSeconds(10);

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            description = "how long it is left alone (default: 20s)")
    private Duration idle = Duration.ofSeconds(20);

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        StartRun run = startRun();
        List<StartReport> reports = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            err.println("start " + i + " of " + rounds);
            reports.add(run.run());
        }
        line(out, "ready", "s", reports, StartReport::readySeconds);
        line(out, "envelope", "s", reports, StartReport::firstEnvelopeSeconds);
        line(out, "resident", "MiB", reports, StartReport::rssMebibytes);
        line(out, "idle", "% of a core", reports, StartReport::idleCpuPercent);
        new Console(out, err).machine();
        out.flush();
        Json.write(json, reports);
        return ExitCode.PERFECT;
    }

    private StartRun startRun() {
        try {
            if (rounds < 1 || idle.toMillis() < 1) {
                throw new IllegalArgumentException("--rounds: at least 1; --idle: more than 0");
            }
            return new StartRun(Target.parse(target), settle, idle, InstantSource.system());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void line(
            PrintWriter out,
            String name,
            String unit,
            List<StartReport> reports,
            ToDoubleFunction<StartReport> figure) {
        Spread spread = Spread.of(reports.stream().map(figure::applyAsDouble).toList());
        out.println(
                "%-11s %s %s (%s to %s)"
                        .formatted(
                                name,
                                Figures.text(spread.median()),
                                unit,
                                Figures.text(spread.lowest()),
                                Figures.text(spread.highest())));
    }
}
