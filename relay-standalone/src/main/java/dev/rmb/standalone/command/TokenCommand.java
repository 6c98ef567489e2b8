package dev.rmb.standalone.command;

import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.KnownToken;
import dev.rmb.server.access.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "token",
        description = "Makes tokens for the admin port.",
        mixinStandardHelpOptions = true,
        subcommands = TokenCommand.Create.class)
final class TokenCommand {
    @Command(
            name = "create",
            description = "Makes a token, and what relays are told of it.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Prints the token, and the line for the file that admin.tokenFile names; with"
                        + " --file adds the line to that file. Relays follow the file. Nobody can"
                        + " tell the token from the line."
            })
    static final class Create implements Runnable {
        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                description = "viewer, operator or admin")
        private Role role = Role.VIEWER;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "whose it is, for the audit log (default: the role)")
        private @Nullable String name;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "add the line to this file; one that does not exist is made")
        private @Nullable Path file;

        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            AccessToken token = AccessToken.random(new SecureRandom());
            KnownToken known = known(token);
            PrintWriter out = spec.commandLine().getOut();
            Path told = file;
            if (told == null) {
                out.println(token.secret());
                out.println(known.line());
            } else {
                // First: a token that no relay knows is worth nothing.
                add(told, known);
                out.println(token.secret());
            }
            out.flush();
        }

        private KnownToken known(AccessToken token) {
            try {
                return token.known(name == null ? role.toString() : name, role);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "--name: " + String.valueOf(e.getMessage()), e);
            }
        }

        private static void add(Path file, KnownToken token) {
            try {
                boolean open = Files.exists(file) && !endsALine(file);
                Files.write(
                        file,
                        List.of((open ? System.lineSeparator() : "") + token.line()),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new CommandException("cannot write " + file + ": " + e, e);
            }
        }

        private static boolean endsALine(Path file) throws IOException {
            String text = Files.readString(file);
            return text.isEmpty() || text.endsWith("\n");
        }
    }
}
