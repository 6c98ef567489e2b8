package dev.rmb.standalone.command;

import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.standalone.node.RelayConfig;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that is given a configuration file, with the environment over it. */
abstract class ConfigCommand implements Runnable {
    @SuppressWarnings("NullAway.Init")
    @Parameters(paramLabel = "CONFIG", description = "configuration file (YAML)")
    private Path file;

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        try {
            run(spec, ConfigLoader.load(file, RelayConfig.class));
        } catch (ConfigException e) {
            // It lists everything that is wrong.
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    abstract void run(CommandSpec command, RelayConfig config);
}
