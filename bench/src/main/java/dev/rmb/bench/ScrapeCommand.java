package dev.rmb.bench;

import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.scrape.ScrapeReport;
import dev.rmb.bench.scrape.ScrapeRun;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells what it costs a relay to be watched. */
@Command(
        name = "scrape",
        mixinStandardHelpOptions = true,
        description = {
            "Scrapes a relay's metrics and reads every list of its admin API to the end, again and again,",
            "and prints which of its threads used how much processor time meanwhile. Have sessions and",
            "traffic beside it: bench idle --hold, and bench --rate."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the admin port's threads took at most --at-most percent, and nothing was refused",
            "1:they took more, or a request was refused",
            "2:the options cannot be used",
            "3:the run could not start"
        })
final class ScrapeCommand implements Callable<Integer> {
    private static final int IMPERFECT = 1;
    private static final int NOT_STARTED = 3;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final double PERCENT = 100;
    private static final double NANOS_PER_MILLI = 1e6;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "the relay's admin address (default: ${DEFAULT-VALUE})")
    private URI admin = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:RMB_ADMIN_TOKEN}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "of any role (default: RMB_ADMIN_TOKEN of the environment)")
    private @Nullable String token;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            required = true,
            description = "the relay's process")
    private long pid;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "from one round to the next (default: 5s)")
    private Duration every = Duration.ofSeconds(5);

    @Option(names = "--duration", paramLabel = "TIME", description = "in all (default: 60s)")
    private Duration duration = Duration.ofSeconds(60);

    @Option(
            names = "--at-most",
            paramLabel = "PERCENT",
            description = "what is good enough (default: ${DEFAULT-VALUE})")
    private double atMost = 2;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "how many names to show (default: ${DEFAULT-VALUE})")
    private int threads = 12;

    @Override
    public Integer call() throws InterruptedException {
        if (every.toMillis() < 1 || duration.toMillis() < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--every and --duration must be at least 1ms");
        }
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
            ScrapeReport report = new ScrapeRun(http, admin, token, pid).run(every, duration);
            print(report);
            return report.refused() == 0 && report.share() * PERCENT <= atMost ? 0 : IMPERFECT;
        } catch (LoadException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return NOT_STARTED;
        }
    }

    private void print(ScrapeReport report) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                String.format(
                        Locale.ROOT,
                        "asked       %,d requests in %d rounds over %.1f s, %,d bytes; refused %d",
                        report.requests(),
                        report.rounds(),
                        report.seconds(),
                        report.bytes(),
                        report.refused()));
        out.println(
                String.format(
                        Locale.ROOT,
                        "admin port  %.2f %% of the process's processor time: %.0f of %.0f ms",
                        report.share() * PERCENT,
                        report.adminNanos() / NANOS_PER_MILLI,
                        report.nanos() / NANOS_PER_MILLI));
        report.nanosByThread().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(threads)
                .forEach(thread ->
                        out.println(
                                String.format(
                                        Locale.ROOT,
                                        "%12.0f ms  %s",
                                        thread.getValue() / NANOS_PER_MILLI,
                                        thread.getKey())));
        out.flush();
    }
}
