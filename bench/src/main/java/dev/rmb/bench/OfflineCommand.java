package dev.rmb.bench;

import dev.rmb.bench.offline.OfflineReport;
import dev.rmb.bench.offline.OfflineRun;
import dev.rmb.bench.offline.OfflineSettings;
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

/**
 * Tells how fast mail is accepted for those who are away, and how fast it comes when they are back.
 */
@Command(
        name = "offline",
        mixinStandardHelpOptions = true,
        description = {
            "Sends to twins that are not connected, until the relay has answered for every message",
            "(its pong to the protocol's own ping says that what came before is kept); then connects",
            "them, and takes the time until everything has arrived."
        })
final class OfflineCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Others than those of the load, so that no session of it is in the way. */
    private static final long FIRST_TWIN = DemoTwin.FIRST_ID + 40_000;

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
            names = "--senders",
            paramLabel = "N",
            description = "sessions that send (default: ${DEFAULT-VALUE})")
    private int senders = 4;

    @Option(
            names = "--receivers",
            paramLabel = "M",
            description =
                    "twins that are away (default: ${DEFAULT-VALUE}); a mailbox holds 10,000"
                            + " messages unless the relay is told otherwise")
    private int receivers = 32;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "of all senders together (default: ${DEFAULT-VALUE})")
    private int messages = 200_000;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "unconfirmed messages of each sender (default: ${DEFAULT-VALUE})")
    private int window = 4_096;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "size of the payload (default: ${DEFAULT-VALUE})")
    private int payload = 256;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            description = "from the last acceptance until the twins come (default: 5s)")
    private Duration settle = Duration.ofSeconds(5);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "the last of which is reported (default: ${DEFAULT-VALUE})")
    private int rounds = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var console = new Console(out, spec.commandLine().getErr());
        OfflineSettings nobody = settings();
        try (Servers servers = target.open(OfflineRun.twins(nobody), console)) {
            OfflineSettings settings = nobody.at(servers.relays(), servers.pids());
            for (int i = 1; i < rounds; i++) {
                var _ = new OfflineRun(settings, console::note, InstantSource.system()).run();
            }
            OfflineReport report =
                    new OfflineRun(settings, console::note, InstantSource.system()).run();
            phase(out, console, "accepted", report.accepted());
            phase(out, console, "drained", report.drained());
            console.delivery(report.delivery());
            console.machine();
            out.flush();
            Json.write(json, report);
            return report.delivery().isPerfect() ? ExitCode.PERFECT : ExitCode.IMPERFECT;
        }
    }

    private OfflineSettings settings() {
        try {
            target.check();
            if (rounds < 1) {
                throw new IllegalArgumentException("--rounds: at least 1");
            }
            return new OfflineSettings(
                    List.of(), firstTwin, senders, receivers, messages, window, payload, settle,
                    PATIENCE, List.of());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void phase(
            PrintWriter out, Console console, String name, OfflineReport.Phase phase) {
        out.println(
                String.format(
                        Locale.ROOT,
                        "%-11s %,.0f msg/s over %.2f s",
                        name,
                        phase.messagesPerSecond(),
                        phase.seconds()));
        console.costs(phase.servers());
    }
}
