package dev.rmb.standalone.command;

import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose key a command uses: a file or the environment, never an argument that others can see. */
final class SecretOptions {
    private static final String VARIABLE = "RMB_MNEMONIC";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "file with the twin's mnemonic, 0x seed or secret URI (default: the variable"
                            + " RMB_MNEMONIC)")
    private @Nullable Path keyFile;

    @Option(
            names = "--key-type",
            paramLabel = "TYPE",
            defaultValue = "sr25519",
            description = "sr25519 or ed25519 (default: ${DEFAULT-VALUE})")
    private KeyType keyType = KeyType.SR25519;

    /**
     * The key pair; the caller closes it.
     *
     * @throws CommandException if there is no secret, or it is none
     */
    KeyPair keyPair() {
        Path file = keyFile;
        if (file != null) {
            return keyPair(keyType, file);
        }
        String secret = System.getenv(VARIABLE);
        if (secret == null || secret.isBlank()) {
            throw new CommandException(
                    "no secret: name a file with --key-file, or set " + VARIABLE);
        }
        return keyPair(keyType, secret, VARIABLE);
    }

    static KeyPair keyPair(KeyType type, Path file) {
        try {
            return keyPair(type, Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new CommandException("the secret in " + file + " cannot be read: " + e, e);
        }
    }

    private static KeyPair keyPair(KeyType type, String secret, String source) {
        try {
            return KeyPair.of(type, secret);
        } catch (RuntimeException e) {
            throw new CommandException("no usable secret in " + source + ": " + e.getMessage(), e);
        }
    }
}
