package dev.rmb.bench;

import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadRun;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.targets.TargetException;
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
import picocli.CommandLine.ParseResult;
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
            "the moment at which a message should have left. 'bench table' measures every target of",
            "the project, 'bench compare' one relay against another."
        },
        subcommands = {
            BrokerCommand.class,
            CompareCommand.class,
            HostileCommand.class,
            HubCommand.class,
            IdleCommand.class,
            KafkaCommand.class,
            MicroCommand.class,
            OfflineCommand.class,
            PeerPairCommand.class,
            RampCommand.class,
            ScrapeCommand.class,
            StartCommand.class,
            StormCommand.class,
            TableCommand.class
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every message arrived once and in order",
            "1:messages were lost, duplicated or reordered, or a session ended",
            "2:the options cannot be used",
            "3:the run could not start"
        })
public final class Bench implements Callable<Integer> {
    private static final URI ANYWHERE = URI.create("ws://127.0.0.1:8080");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin private final TargetOptions target = new TargetOptions();

    @Mixin private final LoadOptions options = new LoadOptions();

    @Option(
            names = "--twins",
            paramLabel = "FILE",
            description = {
                "only write the demo twins to FILE, for a relay started with --twins file:FILE;",
                "then run with --no-register. Their domain is localhost unless --domain is given"
            })
    private @Nullable Path twinsFile;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        // Nobody logs here: what a library says about that is nothing to users.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Bench::told);
    }

    /** What the user can do something about is said without a stack trace. */
    private static int told(Exception failure, CommandLine command, ParseResult parsed)
            throws Exception {
        if (failure instanceof RegistrationException
                || failure instanceof LoadException
                || failure instanceof TargetException) {
            command.getErr().println(failure.getMessage());
            return ExitCode.NOT_STARTED;
        }
        throw failure;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Load load = checked();
        List<DemoTwin> twins = LoadRun.twins(options.firstTwin(), load.senders(), load.receivers());
        if (twinsFile != null) {
            String domain = target.demoTwins().domain();
            TwinsFile.write(twinsFile, twins, domain == null ? "localhost" : domain);
            out.printf(
                    "%d twins written to %s; start the relay with --twins file:%s, then run with"
                            + " --no-register%n",
                    twins.size(), twinsFile, twinsFile);
            return ExitCode.PERFECT;
        }
        var console = new Console(out, err);
        try (Servers servers = target.open(twins, console)) {
            LoadReport report =
                    new LoadRun(options.on(servers), console, InstantSource.system()).run();
            console.report(report);
            Json.write(json, report);
            return report.isPerfect() ? ExitCode.PERFECT : ExitCode.IMPERFECT;
        }
    }

    private Load checked() {
        try {
            target.check();
            // What is wrong with the rest shows before anything is started.
            var _ = options.on(Servers.ofOthers(List.of(ANYWHERE), List.of()));
            return options.load();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
