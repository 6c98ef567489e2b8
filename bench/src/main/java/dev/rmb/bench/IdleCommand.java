package dev.rmb.bench;

import dev.rmb.bench.idle.IdleReport;
import dev.rmb.bench.idle.IdleRun;
import dev.rmb.bench.idle.IdleSettings;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.RegistrationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
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

/** Tells what an idle session costs a gateway. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = {
            "Opens sessions that do nothing but answer pings, and prints by how much the heap and the",
            "resident memory of a gateway grew for each of them, after a full collection. Run one of",
            "these for each gateway."
        })
final class IdleCommand implements Callable<Integer> {
    private static final int IMPERFECT = 1;
    private static final int NOT_STARTED = 3;
    private static final double MEBI = 1 << 20;
    private static final double KIBI = 1 << 10;

    /** Others than those of the load, so that both can run at once. */
    private static final long FIRST_TWIN = DemoTwin.FIRST_ID + 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--relay",
            paramLabel = "URL",
            description = "where sessions connect (default: ${DEFAULT-VALUE})")
    private URI relay = URI.create("ws://127.0.0.1:8080");

    @Mixin private final DemoTwinOptions demoTwins = new DemoTwinOptions();

    @Option(
            names = "--first-twin",
            paramLabel = "ID",
            description =
                    "id of the first demo twin (default: ${DEFAULT-VALUE}); another one for each"
                            + " gateway")
    private long firstTwin = FIRST_TWIN;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            description = "(default: ${DEFAULT-VALUE}); see ulimit -n, here and for the gateway")
    private int sessions = 15_000;

    @Option(
            names = "--per-twin",
            paramLabel = "N",
            description = "sessions of one twin (default: ${DEFAULT-VALUE})")
    private int perTwin = 1_000;

    @Option(
            names = "--source",
            paramLabel = "ADDRESS",
            description = {
                "an address of this machine that connections come from, such as 127.0.0.2;",
                "repeatable: they take turns. One address has some 28,000 ports"
            })
    private List<InetAddress> sources = List.of();

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description =
                    "connections that come and go before anything is measured (default:"
                            + " ${DEFAULT-VALUE})")
    private int warmup = 5_000;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            description =
                    "from the last connection to the measurement (default: 40s, so that each was"
                            + " asked whether it is there)")
    private Duration settle = Duration.ofSeconds(40);

    @Option(
            names = "--hold",
            paramLabel = "TIME",
            description = "how long the sessions stay after it (default: 0s)")
    private Duration hold = Duration.ZERO;

    @Option(names = "--pid", paramLabel = "PID", description = "the gateway's process")
    private @Nullable Long pid;

    @Option(
            names = "--classes",
            paramLabel = "N",
            description = "what grew most, so many of it (default: ${DEFAULT-VALUE})")
    private int classes = 12;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        IdleSettings settings = settings();
        try {
            demoTwins.register(DemoTwin.several(firstTwin, settings.twins()));
            IdleReport report = new IdleRun(settings, err::println, InstantSource.system()).run();
            print(report);
            Json.write(json, report);
            return report.ended() == 0 ? 0 : IMPERFECT;
        } catch (RegistrationException | LoadException e) {
            err.println(e.getMessage());
            return NOT_STARTED;
        }
    }

    private IdleSettings settings() {
        try {
            return new IdleSettings(
                    relay, firstTwin, sessions, perTwin, sources, warmup, settle, hold, pid);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void print(IdleReport report) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                String.format(
                        Locale.ROOT,
                        "sessions    %,d open, %,d ended early; opened in %.1f s",
                        report.sessions(),
                        report.ended(),
                        report.connectSeconds()));
        IdleReport.Cost cost = report.cost();
        if (cost != null) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "each        heap %.2f KiB, resident %.2f KiB",
                            cost.heapBytesPerSession() / KIBI,
                            cost.rssBytesPerSession() / KIBI));
            out.println(
                    String.format(
                            Locale.ROOT,
                            "without     heap %.1f MiB, resident %.1f MiB",
                            cost.heapBytesBefore() / MEBI,
                            cost.rssBytesBefore() / MEBI));
            cost.classes().entrySet().stream()
                    .limit(classes)
                    .forEach(e ->
                            out.println(
                                    String.format(
                                            Locale.ROOT, "%10.1f  %s", e.getValue(), e.getKey())));
        } else if (pid != null) {
            out.println("each        unknown: jcmd or /proc tell nothing about " + pid);
        }
        out.flush();
    }
}
