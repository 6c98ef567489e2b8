package dev.rmb.reliability.process;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.server.logging.Logging;
import dev.rmb.server.logging.LoggingConfig;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The embedded broker in a process of its own. Arguments: its directory, its port. */
public final class BrokerMain {
    private BrokerMain() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws InterruptedException {
        Logging.configure(LoggingConfig.defaults());
        EmbeddedBroker broker =
                EmbeddedBroker.start(
                        Path.of(arguments[0]),
                        BrokerSettings.onPort(Integer.parseInt(arguments[1])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "shutdown"));
        var _ =
                broker.failure()
                        .thenAccept(failure -> {
                            failure.printStackTrace();
                            Runtime.getRuntime().halt(1);
                        });
        System.out.println("ready kafka=" + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }
}
