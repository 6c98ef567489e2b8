package dev.rmb.standalone.command;

import dev.rmb.server.logging.Logging;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        name = "router",
        description = "Runs a router: delivers what Kafka has, and keeps mail for who is away.",
        mixinStandardHelpOptions = true)
final class RouterCommand extends ConfigCommand {
    @Override
    void run(CommandSpec command, RelayConfig config) {
        Logging.configure(config.logging());
        Serving.untilStopped(command, () -> Node.router(config));
    }
}
