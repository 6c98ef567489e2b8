package dev.rmb.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadRun;
import dev.rmb.bench.load.LoadSettings;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.RegistrationException;
import dev.rmb.bench.twins.TwinsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts load on a relay and tells how it carried it. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Opens sessions that send and receive through a running relay, and prints throughput,",
            "latency, and whether every message arrived once and in order.",
            "Without --rate it is a closed loop: each sender keeps --window messages in flight.",
            "With --rate it is an open loop: messages leave by the clock, and latency counts from",
            "the moment at which a message should have left."
        },
        subcommands = {
            HostileCommand.class,
            HubCommand.class,
            IdleCommand.class,
            MicroCommand.class,
            PeerPairCommand.class,
            ScrapeCommand.class
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every message arrived once and in order",
            "1:messages were lost, duplicated or reordered, or a session ended",
            "2:the options cannot be used",
            "3:the run could not start"
        })
public final class Bench implements Callable<Integer> {
    private static final int IMPERFECT = 1;
    private static final int NOT_STARTED = 3;

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
            names = "--twins",
            paramLabel = "FILE",
            description = {
                "only write the demo twins to FILE, for a relay started with --twins file:FILE;",
                "then run with --no-register. Their domain is localhost unless --domain is given"
            })
    private @Nullable Path twinsFile;

    @Option(
            names = "--first-twin",
            paramLabel = "ID",
            description = "id of the first demo twin (default: ${DEFAULT-VALUE})")
    private long firstTwin = DemoTwin.FIRST_ID;

    @Option(
            names = "--senders",
            paramLabel = "N",
            description = "sessions that send (default: ${DEFAULT-VALUE})")
    private int senders = 4;

    @Option(
            names = "--receivers",
            paramLabel = "M",
            description = "sessions that receive (default: ${DEFAULT-VALUE})")
    private int receivers = 4;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "messages in flight of each sender (default: ${DEFAULT-VALUE})")
    private int window = 64;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = "messages per second of all senders together, instead of --window")
    private @Nullable Double rate;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "size of the payload (default: ${DEFAULT-VALUE})")
    private int payload = 256;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "load that is not measured (default: 20s)")
    private Duration warmup = Duration.ofSeconds(20);

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "load that is measured (default: 20s)")
    private Duration duration = Duration.ofSeconds(20);

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "event loops of the generator (default: ${DEFAULT-VALUE})")
    private int loops = 1;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "a process whose cost is reported, where there is /proc; repeatable")
    private List<Long> pids = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        LoadSettings settings = settings();
        List<DemoTwin> twins = LoadRun.twins(firstTwin, senders, receivers);
        if (twinsFile != null) {
            String domain = demoTwins.domain();
            TwinsFile.write(twinsFile, twins, domain == null ? "localhost" : domain);
            out.printf(
                    "%d twins written to %s; start the relay with --twins file:%s, then run with"
                            + " --no-register%n",
                    twins.size(), twinsFile, twinsFile);
            return 0;
        }
        try {
            var console = new Console(out, err);
            if (demoTwins.isToRegister()) {
                console.note("%d demo twins registered".formatted(demoTwins.register(twins)));
            }
            LoadReport report = new LoadRun(settings, console, InstantSource.system()).run();
            console.report(report);
            if (json != null) {
                new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValue(json.toFile(), report);
            }
            return report.isPerfect() ? 0 : IMPERFECT;
        } catch (RegistrationException | LoadException e) {
            err.println(e.getMessage());
            return NOT_STARTED;
        }
    }

    private LoadSettings settings() {
        try {
            return new LoadSettings(
                    relay, firstTwin, senders, receivers, window, rate, payload, warmup, duration,
                    loops, pids);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
