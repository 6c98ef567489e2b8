package dev.rmb.bench;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves until it is stopped. */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the broker that 'relay up' has inside, alone, on a free port: for clusters on one",
            "machine, and for Kafka's own tools."
        })
final class BrokerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "where it keeps everything")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path data;

    @Override
    public Integer call() throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "bench-broker-stop"));
        var _ =
                broker.failure()
                        .thenAccept(failure -> {
                            spec.commandLine().getErr().println("the broker failed: " + failure);
                            Runtime.getRuntime().halt(1);
                        });
        spec.commandLine()
                .getOut()
                .printf(
                        "ready kafka=%s pid=%d%n",
                        broker.bootstrapServers(), ProcessHandle.current().pid());
        spec.commandLine().getOut().flush();
        new CountDownLatch(1).await();
        return ExitCode.PERFECT;
    }
}
