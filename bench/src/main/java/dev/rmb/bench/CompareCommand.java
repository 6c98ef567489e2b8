package dev.rmb.bench;

import dev.rmb.bench.compare.CompareReport;
import dev.rmb.bench.compare.CompareRun;
import dev.rmb.bench.figure.Figures;
import dev.rmb.bench.figure.Spread;
import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadRun;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.targets.Target;
import dev.rmb.bench.twins.DemoTwin;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells by how much one target is better than another. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Puts the same load on two targets in turn, in several rounds, and prints the ratio of",
            "each figure with its spread. What is started for it is started anew each time."
        },
        footer = {
            "",
            "A target is one of " + TargetOptions.FORMS,
            "For example: relay bench compare up 'RMB_JAVA_OPTS=-XX:+UseParallelGC up'"
        })
final class CompareCommand implements Callable<Integer> {
    private static final URI ANYWHERE = URI.create("ws://127.0.0.1:8080");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "a target")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String a;

    @Parameters(index = "1", paramLabel = "B", description = "another one")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String b;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "of a run of each (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Mixin private final LoadOptions options = new LoadOptions();

    @Mixin private final DemoTwinOptions demoTwins = new DemoTwinOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var console = new Console(out, spec.commandLine().getErr());
        CompareReport report = run(console).run();
        out.println("A  " + report.a());
        out.println("B  " + report.b());
        out.println("%-24s %28s %28s  %s".formatted("", "A", "B", "A / B"));
        for (CompareReport.Ratio ratio : report.ratios()) {
            out.println(
                    "%-24s %28s %28s  %s"
                            .formatted(
                                    ratio.figure(),
                                    text(ratio.a()),
                                    text(ratio.b()),
                                    text(ratio.ratio())));
        }
        if (!report.isPerfect()) {
            out.println("messages were lost, duplicated or reordered: see the JSON");
        }
        console.machine();
        out.flush();
        Json.write(json, report);
        return report.isPerfect() ? ExitCode.PERFECT : ExitCode.IMPERFECT;
    }

    private CompareRun run(Console console) {
        try {
            Target targetA = Target.parse(a);
            Target targetB = Target.parse(b);
            var _ = options.on(Servers.ofOthers(List.of(ANYWHERE), List.of()));
            return new CompareRun(
                    new CompareRun.Side(a, () -> run(targetA, console)),
                    new CompareRun.Side(b, () -> run(targetB, console)),
                    rounds,
                    console::note);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private LoadReport run(Target target, Console console) throws InterruptedException {
        Load load = options.load();
        List<DemoTwin> twins = LoadRun.twins(options.firstTwin(), load.senders(), load.receivers());
        if (!target.isStarted()) {
            var _ = demoTwins.register(twins);
        }
        try (Servers servers = target.start(twins)) {
            return new LoadRun(options.on(servers), console, InstantSource.system()).run();
        }
    }

    private static String text(Spread spread) {
        return "%s (%s–%s)"
                .formatted(
                        Figures.text(spread.median()),
                        Figures.text(spread.lowest()),
                        Figures.text(spread.highest()));
    }
}
