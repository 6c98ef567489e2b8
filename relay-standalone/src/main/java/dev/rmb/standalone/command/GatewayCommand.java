package dev.rmb.standalone.command;

import dev.rmb.server.logging.Logging;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        name = "gateway",
        description = "Runs a gateway: accepts clients and writes what they send to Kafka.",
        mixinStandardHelpOptions = true)
final class GatewayCommand extends ConfigCommand {
    @Override
    void run(CommandSpec command, RelayConfig config) {
        Logging.configure(config.logging());
        Serving.untilStopped(command, () -> Node.gateway(config));
    }
}
