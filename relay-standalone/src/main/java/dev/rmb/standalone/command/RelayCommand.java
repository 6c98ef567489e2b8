package dev.rmb.standalone.command;

import dev.rmb.server.config.HostPort;
import dev.rmb.server.logging.LogFormat;
import dev.rmb.server.logging.LogLevel;
import dev.rmb.server.logging.Logging;
import dev.rmb.server.logging.LoggingConfig;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./relay}: exit code 0 for success, 2 for a wrong command line, else {@link ExitCode}. */
@Command(
        name = "relay",
        description = "The RMB relay and its tools.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            UpCommand.class,
            GatewayCommand.class,
            RouterCommand.class,
            CheckCommand.class,
            TwinCommand.class,
            ViewCommand.Sessions.class,
            ViewCommand.Mailboxes.class,
            ViewCommand.Partitions.class,
            ViewCommand.Pods.class,
            ViewCommand.Limits.class,
            ViewCommand.Bans.class,
            ViewCommand.Trace.class,
            KeyCommand.class,
            TokenCommand.class,
            ListenCommand.class,
            CallCommand.class,
            RehearseCommand.class,
        },
        footer = {
            "",
            "relay bench measures a running relay: see relay bench --help.",
            "relay prepare, once after each installation, has servers start in about half the time.",
            "Exit codes: 0 success, 1 failure, 2 wrong command line, 7 printed but not complete (pods did"
                    + " not answer); relay call has more."
        })
public final class RelayCommand implements Runnable {
    @SuppressWarnings("NullAway.Init") // set by picocli
    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        // Until a server reads its own settings: a tool's output is its result, not its life cycle.
        Logging.configure(new LoggingConfig(LogLevel.WARN, Map.of(), LogFormat.TEXT));
        System.exit(line().execute(arguments));
    }

    /** All commands, with their errors told to the user rather than as stack traces. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new RelayCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(HostPort.class, RelayCommand::hostPort);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CommandException told) {
                command.getErr().println("relay: " + told.getMessage());
                return told.exitCode();
            }
            failure.printStackTrace(command.getErr());
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    private static HostPort hostPort(String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "What shall it do? One of the commands:");
    }
}
