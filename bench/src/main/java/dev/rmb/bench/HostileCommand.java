package dev.rmb.bench;

import dev.rmb.bench.hostile.AttackKind;
import dev.rmb.bench.hostile.HostileReport;
import dev.rmb.bench.hostile.HostileRun;
import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadSettings;
import dev.rmb.bench.process.ServerPid;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.RegistrationException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells what a pair that behaves well notices of those that do not. */
@Command(
        name = "hostile",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the latency of a sender and a receiver through a running relay, in turn without",
            "and with attacks on it, and prints the medians of both and their ratio. The attacks are",
            "made by one thread of this process, at rates that leave the relay a processor where",
            "there are two; --intensity makes them faster or slower."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the pair's p99 was at most --at-most times its own, and nothing was lost",
            "1:it was more, or messages were lost, duplicated or reordered",
            "2:the options cannot be used",
            "3:the run could not start"
        })
final class HostileCommand implements Callable<Integer> {
    private static final int IMPERFECT = 1;
    private static final int NOT_STARTED = 3;
    private static final double MICROS_PER_MILLI = 1e3;

    /** Others than those of the load, so that both can run at once. */
    private static final long FIRST_TWIN = DemoTwin.FIRST_ID + 9_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--relay",
            paramLabel = "URL",
            description = "which is attacked (default: ${DEFAULT-VALUE})")
    private URI relay = URI.create("ws://127.0.0.1:8080");

    @Mixin private final DemoTwinOptions demoTwins = new DemoTwinOptions();

    @Option(
            names = "--first-twin",
            paramLabel = "ID",
            description = "id of the first of three demo twins (default: ${DEFAULT-VALUE})")
    private long firstTwin = FIRST_TWIN;

    @Option(
            names = "--attack",
            paramLabel = "KIND",
            split = ",",
            description = "${COMPLETION-CANDIDATES}; several at once (default: all)")
    private Set<AttackKind> attacks = EnumSet.allOf(AttackKind.class);

    @Option(
            names = "--intensity",
            paramLabel = "FACTOR",
            description = "how many times as often as usual (default: ${DEFAULT-VALUE})")
    private double intensity = 1;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "of one run without and one with attacks (default: ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = "messages of the pair (default: ${DEFAULT-VALUE})")
    private double rate = 200;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "of each run, not measured (default: 3s)")
    private Duration warmup = Duration.ofSeconds(3);

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "of each run, measured (default: 10s)")
    private Duration duration = Duration.ofSeconds(10);

    @Option(
            names = "--at-most",
            paramLabel = "RATIO",
            description = "what is good enough (default: ${DEFAULT-VALUE})")
    private double atMost = 2;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "a process whose cost is reported, where there is /proc; repeatable")
    private List<Long> pids = List.of();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        LoadSettings pair = pair();
        try {
            demoTwins.register(HostileRun.twins(firstTwin));
            HostileReport report =
                    new HostileRun(
                                    pair,
                                    attacks,
                                    intensity,
                                    rounds,
                                    err::println,
                                    InstantSource.system())
                            .run();
            print(report);
            return report.isPerfect() && report.ratio() <= atMost ? 0 : IMPERFECT;
        } catch (RegistrationException | LoadException e) {
            err.println(e.getMessage());
            return NOT_STARTED;
        }
    }

    private LoadSettings pair() {
        try {
            if (rounds < 1 || !(intensity > 0)) {
                throw new IllegalArgumentException("--rounds and --intensity must be positive");
            }
            return new LoadSettings(
                    List.of(relay),
                    firstTwin,
                    Load.open(1, 1, rate),
                    warmup,
                    duration,
                    1,
                    ServerPid.unnamed(pids));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void print(HostileReport report) {
        PrintWriter out = spec.commandLine().getOut();
        int number = 0;
        for (HostileReport.Round round : report.rounds()) {
            number++;
            out.println("round " + number + "  without  " + run(round.without()));
            out.println("         with     " + run(round.with()));
            out.println("         attacks  " + round.done());
        }
        out.println(
                String.format(
                        Locale.ROOT,
                        "p99, median of %d: %.2f ms without, %.2f ms with: %.2f times",
                        report.rounds().size(),
                        report.p99Without() / MICROS_PER_MILLI,
                        report.p99With() / MICROS_PER_MILLI,
                        report.ratio()));
        out.flush();
    }

    private static String run(LoadReport run) {
        var text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "p50 %.2f, p99 %.2f, max %.2f ms (of it own p99 %.2f)",
                                run.latency().p50() / MICROS_PER_MILLI,
                                run.latency().p99() / MICROS_PER_MILLI,
                                run.latency().max() / MICROS_PER_MILLI,
                                run.lateness().p99() / MICROS_PER_MILLI));
        for (LoadReport.Cost cost : run.servers()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "; %d: %.2f processors, %.0f MiB",
                            cost.pid(),
                            cost.processors(),
                            cost.rssMebibytes()));
        }
        LoadReport.Cost own = run.generator();
        if (own != null) {
            text.append(String.format(Locale.ROOT, "; generator %.2f", own.processors()));
        }
        if (!run.isPerfect()) {
            text.append("; NOT PERFECT: ").append(run.delivery()).append(' ').append(run.broken());
        }
        return text.toString();
    }
}
