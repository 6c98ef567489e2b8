package dev.rmb.bench;

import dev.rmb.bench.kafka.KafkaReport;
import dev.rmb.bench.kafka.KafkaRun;
import dev.rmb.bench.process.ServerPid;
import dev.rmb.bench.targets.Broker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells what the broker carries without a relay. */
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the broker that 'relay up' has inside, alone, and has Kafka's own performance tools",
            "write a topic and read it: the most that a relay which keeps every message there can do."
        })
final class KafkaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "(default: ${DEFAULT-VALUE}), and a third more for warming up")
    private int records = 1_500_000;

    @Option(
            names = "--record-bytes",
            paramLabel = "BYTES",
            description = "of each (default: ${DEFAULT-VALUE}, an envelope with 256 of payload)")
    private int recordBytes = 394;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "of the topic (default: ${DEFAULT-VALUE})")
    private int partitions = 4;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = {
                "also write at a steady rate, for the latency (default: ${DEFAULT-VALUE}; 0: do not)"
            })
    private int rate = 20_000;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the report here")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        // What is wrong shows before anything is started.
        var _ = settings("127.0.0.1:1", new ServerPid("broker", 0));
        err.println("starting the broker");
        try (Broker broker = Broker.start()) {
            KafkaReport report =
                    new KafkaRun(settings(broker.bootstrapServers(), broker.pid()), err::println)
                            .run();
            out.println(
                    String.format(
                            Locale.ROOT,
                            "written     %,.0f records/s of %d bytes",
                            report.produced(),
                            report.recordBytes()));
            out.println(
                    String.format(Locale.ROOT, "read        %,.0f records/s", report.consumed()));
            var console = new Console(out, err);
            if (report.broker() != null) {
                console.costs(List.of(report.broker()));
            }
            if (report.paced() != null) {
                out.println(
                        String.format(
                                Locale.ROOT,
                                "at a rate   %,.0f records/s: acknowledged after %.2f ms in the"
                                        + " mean, p50 %.0f, p99 %.0f",
                                report.paced().recordsPerSecond(),
                                report.paced().mean(),
                                report.paced().p50(),
                                report.paced().p99()));
            }
            console.machine();
            out.flush();
            Json.write(json, report);
            return ExitCode.PERFECT;
        }
    }

    private KafkaRun.Settings settings(String bootstrap, ServerPid broker) {
        try {
            return new KafkaRun.Settings(bootstrap, broker, records, recordBytes, partitions, rate);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
