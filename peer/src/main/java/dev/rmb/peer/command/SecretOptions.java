package dev.rmb.peer.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose secret: one of these, or the variable {@value #VARIABLE}. */
final class SecretOptions {
    static final String VARIABLE = "RMB_MNEMONIC";

    @Option(
            names = {"-m", "--mnemonic"},
            paramLabel = "WORDS",
            description =
                    "the twin's mnemonic, 0x seed or secret URI. Others on this machine can see what"
                            + " stands on a command line: better use a file, or the variable"
                            + " RMB_MNEMONIC")
    private @Nullable String mnemonic;

    @Option(names = "--mnemonic-file", paramLabel = "FILE", description = "file with the secret")
    private @Nullable Path file;

    @Option(
            names = {"--mnemonics", "--seed"},
            hidden = true)
    private @Nullable String formerly;

    String secret(Map<String, String> environment) {
        String secret = mnemonic != null ? mnemonic : formerly;
        if (secret != null && file != null) {
            throw new CommandException("name either --mnemonic or --mnemonic-file");
        }
        if (file != null) {
            try {
                secret = Files.readString(file);
            } catch (IOException e) {
                throw new CommandException("the secret in " + file + " cannot be read: " + e, e);
            }
        }
        if (secret == null) {
            secret = environment.get(VARIABLE);
        }
        if (secret == null || secret.isBlank()) {
            throw new CommandException(
                    "no secret: use --mnemonic-file or --mnemonic, or set " + VARIABLE);
        }
        return secret.strip();
    }
}
