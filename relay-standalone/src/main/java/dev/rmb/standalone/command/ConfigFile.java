package dev.rmb.standalone.command;

import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.standalone.node.RelayConfig;
import java.nio.file.Path;

/** Reads the configuration file that a command was given. */
final class ConfigFile {
    private ConfigFile() {}

    /**
     * @throws CommandException that lists everything that is wrong with it
     */
    static RelayConfig load(Path file) {
        try {
            return ConfigLoader.load(file, RelayConfig.class);
        } catch (ConfigException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
