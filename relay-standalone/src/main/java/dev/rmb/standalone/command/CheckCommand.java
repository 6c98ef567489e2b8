package dev.rmb.standalone.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description =
                "Verifies a configuration file, with the environment over it, and says everything"
                        + " that is wrong with it.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Runnable {
    @SuppressWarnings("NullAway.Init")
    @Parameters(paramLabel = "CONFIG", description = "configuration file (YAML)")
    private Path config;

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var _ = ConfigFile.load(config);
        PrintWriter out = spec.commandLine().getOut();
        out.println(config + " is valid");
        out.flush();
    }
}
