package dev.rmb.standalone.command;

import dev.rmb.server.logging.Logging;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "router",
        description =
                "Runs a router: delivers what Kafka has, and keeps mail for twins that are away.",
        mixinStandardHelpOptions = true)
final class RouterCommand implements Runnable {
    @SuppressWarnings("NullAway.Init")
    @Parameters(paramLabel = "CONFIG", description = "configuration file (YAML)")
    private Path config;

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        RelayConfig relay = ConfigFile.load(config);
        Logging.configure(relay.logging());
        Serving.untilStopped(spec, () -> Node.router(relay));
    }
}
