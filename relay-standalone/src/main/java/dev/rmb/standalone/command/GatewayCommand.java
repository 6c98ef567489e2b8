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
        name = "gateway",
        description = "Runs a gateway: accepts clients and writes what they send to Kafka.",
        mixinStandardHelpOptions = true)
final class GatewayCommand implements Runnable {
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
        Serving.untilStopped(spec, () -> Node.gateway(relay));
    }
}
