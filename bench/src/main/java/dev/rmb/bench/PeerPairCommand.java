package dev.rmb.bench;

import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.peer.PeerPair;
import dev.rmb.bench.peer.PeerPairReport;
import dev.rmb.bench.peer.PeerPairSettings;
import dev.rmb.bench.process.ProcessSample;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells what a call through two peers takes. */
@Command(
        name = "peer",
        mixinStandardHelpOptions = true,
        description = {
            "Calls a service from the Redis of one running peer to the Redis of another, as programs",
            "on two nodes do, and prints how long the calls took. It serves the other end itself.",
            "It needs nothing but both Redis: the peers may be any that keep the same lists."
        })
final class PeerPairCommand implements Callable<Integer> {
    private static final int IMPERFECT = 1;
    private static final int NOT_STARTED = 3;
    private static final double MEBI = 1 << 20;
    private static final int SAMPLES = 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--asks",
            paramLabel = "REDIS",
            description = "Redis of the peer that calls (default: ${DEFAULT-VALUE})")
    private String asks = "redis://127.0.0.1:6379";

    @Option(
            names = "--serves",
            paramLabel = "REDIS",
            description = "Redis of the peer that is called (default: ${DEFAULT-VALUE})")
    private String serves = "redis://127.0.0.1:6380";

    @Option(
            names = "--twin",
            paramLabel = "ID",
            required = true,
            description = "twin of the peer that is called")
    private long twin;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "calls that are measured (default: ${DEFAULT-VALUE})")
    private int calls = 2_000;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "calls before them (default: ${DEFAULT-VALUE})")
    private int warmup = 3_000;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "calls at the same time (default: ${DEFAULT-VALUE})")
    private int inFlight = 1;

    @Option(names = "--payload", paramLabel = "BYTES", description = "(default: ${DEFAULT-VALUE})")
    private int payload = 100;

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            description = "of each request (default: ${DEFAULT-VALUE})")
    private int ttl = 60;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "a process whose memory is told ten times on the way; repeatable")
    private List<Long> pids = List.of();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (PeerPair pair = new PeerPair(settings())) {
            PeerPairReport report = pair.run(begun -> sample(begun, err));
            print(report, out);
            return report.failed() == 0 && report.lost() == 0 ? 0 : IMPERFECT;
        } catch (LoadException e) {
            err.println(e.getMessage());
            return NOT_STARTED;
        }
    }

    private PeerPairSettings settings() {
        try {
            return new PeerPairSettings(asks, serves, twin, calls, warmup, inFlight, payload, ttl);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void sample(int begun, PrintWriter err) {
        if (pids.isEmpty() || begun % Math.max(1, calls / SAMPLES) != 0) {
            return;
        }
        var line = new StringBuilder(String.format(Locale.ROOT, "%,10d calls", begun));
        for (long pid : pids) {
            ProcessSample.of(pid)
                    .ifPresent(one ->
                            line.append(
                                    String.format(
                                            Locale.ROOT,
                                            "   %d: RSS %.0f MiB",
                                            pid,
                                            one.rssBytes() / MEBI)));
        }
        err.println(line);
    }

    private void print(PeerPairReport report, PrintWriter out) {
        out.println(
                String.format(
                        Locale.ROOT,
                        "calls       %,d answered, %,d failed, %,d lost; %,d at a time, payload %d"
                                + " bytes",
                        report.answered(),
                        report.failed(),
                        report.lost(),
                        inFlight,
                        payload));
        out.println(
                String.format(
                        Locale.ROOT,
                        "latency ms  p50 %.3f, p90 %.3f, p99 %.3f, p99.9 %.3f, max %.3f",
                        report.milliseconds(0.5),
                        report.milliseconds(0.9),
                        report.milliseconds(0.99),
                        report.milliseconds(0.999),
                        report.milliseconds(1)));
        out.println(
                String.format(
                        Locale.ROOT,
                        "throughput  %,.0f calls/s",
                        report.answered() / report.seconds()));
        out.flush();
    }
}
