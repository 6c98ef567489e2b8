package dev.rmb.bench;

import dev.rmb.bench.storm.StormReport;
import dev.rmb.bench.storm.StormRun;
import dev.rmb.bench.storm.StormSettings;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.twins.DemoTwin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells how fast sessions come, and come back. */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        description = {
            "Connects many sessions, each of a twin of its own with an ed25519 token, breaks all of",
            "them off at once and connects them again, several times. After each time a message goes",
            "to every one of them: it must arrive once and in order."
        })
final class StormCommand implements Callable<Integer> {
    /** Others than those of the load, so that both can run at once. */
    private static final long FIRST_TWIN = DemoTwin.FIRST_ID + 50_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin private final TargetOptions target = new TargetOptions();

    @Option(
            names = "--first-twin",
            paramLabel = "ID",
            description = "id of the first demo twin (default: ${DEFAULT-VALUE})")
    private long firstTwin = FIRST_TWIN;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            description = "(default: ${DEFAULT-VALUE}); see ulimit -n, here and for the gateway")
    private int sessions = 2_000;

    @Option(
            names = "--storms",
            paramLabel = "N",
            description = "how often they break off and come back (default: ${DEFAULT-VALUE})")
    private int storms = 5;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "connections that are being made at once (default: ${DEFAULT-VALUE})")
    private int atOnce = 256;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "for all of them to be back (default: 60s)")
    private Duration patience = Duration.ofSeconds(60);

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var console = new Console(out, spec.commandLine().getErr());
        StormSettings nobody = settings();
        try (Servers servers = target.open(StormRun.twins(nobody), console)) {
            StormReport report =
                    new StormRun(
                                    nobody.at(servers.relays(), servers.pids()),
                                    console::note,
                                    InstantSource.system())
                            .run();
            coming(out, console, "first", report.first());
            for (int i = 0; i < report.storms().size(); i++) {
                coming(out, console, "storm " + (i + 1), report.storms().get(i));
            }
            console.delivery(report.delivery());
            console.machine();
            out.flush();
            Json.write(json, report);
            return report.delivery().isPerfect() ? ExitCode.PERFECT : ExitCode.IMPERFECT;
        }
    }

    private StormSettings settings() {
        try {
            target.check();
            return new StormSettings(
                    List.of(), firstTwin, sessions, storms, atOnce, patience, List.of());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void coming(
            PrintWriter out, Console console, String name, StormReport.Coming coming) {
        out.println(
                String.format(
                        Locale.ROOT,
                        "%-11s %,.0f sessions/s, all in after %.2f s, %d attempts refused",
                        name,
                        coming.perSecond(),
                        coming.seconds(),
                        coming.refused()));
        out.println("  each ms   " + Console.latency(coming.latency()));
        console.costs(coming.servers());
    }
}
