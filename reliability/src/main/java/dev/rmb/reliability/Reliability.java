package dev.rmb.reliability;

import dev.rmb.reliability.report.Outcome;
import dev.rmb.reliability.report.Report;
import dev.rmb.reliability.scenario.Parameters;
import dev.rmb.reliability.scenario.Run;
import dev.rmb.reliability.scenario.Scenario;
import dev.rmb.reliability.scenario.Scenarios;
import dev.rmb.reliability.scenario.Trial;
import dev.rmb.server.logging.LogFormat;
import dev.rmb.server.logging.LogLevel;
import dev.rmb.server.logging.Logging;
import dev.rmb.server.logging.LoggingConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Breaks a relay under load and proves what became of every message. */
@Command(
        name = "reliability/run",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster of brokers, routers and gateways for each scenario, each a process of",
            "its own on this machine, sends through it while it kills and stops things, and proves",
            "what became of every message."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:everything that was promised held",
            "1:it did not, in at least one scenario",
            "2:the options cannot be used"
        })
public final class Reliability implements Callable<Integer> {
    private static final int SHORT_SECONDS = 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--list", description = "only say which scenarios there are")
    private boolean list;

    @Option(
            names = "--try",
            description = {
                "start a cluster with traffic and full mailboxes, say where everything is, and keep",
                "it until Ctrl-C; nothing is broken"
            })
    private boolean trial;

    @Option(
            names = "--scenario",
            paramLabel = "ID",
            split = ",",
            description = "these; a number means all that begin with it (3: 3a and 3b)")
    private List<String> ids = List.of();

    @Option(names = "--short", description = "1, 2, 4 and 7, less than 8 minutes together")
    private boolean isShort;

    @Option(names = "--long", description = "all of them")
    private boolean isLong;

    @Option(
            names = "--prove",
            description = {
                "have the routers ignore their watermark in scenario 1: good only if that makes",
                "messages get lost, and the harness says so"
            })
    private boolean prove;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "how long things go wrong (default: as each scenario likes)")
    private @Nullable Integer seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "messages a second, of all senders (default: as each scenario likes)")
    private @Nullable Double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of what is left to chance (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--offers",
            paramLabel = "on|off",
            description = "whether gateways deliver beside the log (default: ${DEFAULT-VALUE})")
    private Switch offers = Switch.on;

    @Option(names = "--json", paramLabel = "FILE", description = "write the results here, too")
    private @Nullable Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "write the table here, too")
    private @Nullable Path markdown;

    /** As it is written on the command line. */
    private enum Switch {
        on,
        off;

        boolean isOn() {
            return this == on;
        }
    }

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        // The processes log to files; what this one has to say, it says itself.
        Logging.configure(new LoggingConfig(LogLevel.WARN, Map.of(), LogFormat.TEXT));
        System.exit(new CommandLine(new Reliability()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Scenarios.all()
                    .forEach(scenario -> out.printf("%-3s %s%n", scenario.id(), scenario.title()));
            out.flush();
            return 0;
        }
        if (trial) {
            new Trial(
                            new Parameters(seconds, rate, seed, offers.isOn(), false),
                            line -> {
                                out.println(line);
                                out.flush();
                            })
                    .run(new CountDownLatch(1));
            return 0;
        }
        List<Scenario> chosen = chosen();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "say which: --scenario, --short, --long, --prove, --try or --list");
        }
        Integer usual = isShort ? (Integer) SHORT_SECONDS : null;
        var parameters =
                new Parameters(seconds == null ? usual : seconds, rate, seed, offers.isOn(), prove);
        List<Outcome> outcomes = new ArrayList<>();
        for (Scenario scenario : chosen) {
            outcomes.add(new Run(scenario, parameters, this::progress).run());
        }
        var report = new Report(outcomes);
        out.print(report.markdown());
        out.flush();
        if (json != null) {
            Files.writeString(json, report.json());
        }
        if (markdown != null) {
            Files.writeString(markdown, report.markdown());
        }
        return (prove ? isProved(outcomes) : report.isGood()) ? 0 : 1;
    }

    private List<Scenario> chosen() {
        if (prove) {
            return Scenarios.named("1");
        }
        if (isLong) {
            return Scenarios.all();
        }
        List<Scenario> chosen = new ArrayList<>(isShort ? Scenarios.shortForm() : List.of());
        for (String id : ids) {
            List<Scenario> named = Scenarios.named(id.strip());
            if (named.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "there is no scenario " + id + ": see --list");
            }
            chosen.addAll(named);
        }
        return chosen;
    }

    /** Whether the harness found the loss that had to be. */
    private boolean isProved(List<Outcome> outcomes) {
        boolean found =
                outcomes.stream()
                        .allMatch(outcome ->
                                outcome.findings() != null && outcome.findings().lost() > 0);
        progress(
                found
                        ? "proved: without the watermark messages get lost, and it shows"
                        : "NOT proved: the watermark was ignored and no loss was reported");
        return found;
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
