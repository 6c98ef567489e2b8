package dev.rmb.standalone.command;

import dev.rmb.standalone.node.RelayConfig;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

@Command(
        name = "check",
        description =
                "Verifies a configuration file, with the environment over it, and says everything"
                        + " that is wrong with it.",
        mixinStandardHelpOptions = true)
final class CheckCommand extends ConfigCommand {
    @Override
    void run(CommandSpec command, RelayConfig config) {
        PrintWriter out = command.commandLine().getOut();
        out.println("the configuration is valid");
        out.flush();
    }
}
