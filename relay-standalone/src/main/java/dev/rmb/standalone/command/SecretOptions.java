package dev.rmb.standalone.command;

import dev.rmb.client.RmbClientBuilder;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
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

    /** A secret, and what to call it where it must not be shown. */
    private record Secret(String text, String source) {
        <T> T made(Function<String, T> key) {
            try {
                return key.apply(text);
            } catch (RuntimeException e) {
                throw new CommandException(
                        "no usable secret in " + source + ": " + e.getMessage(), e);
            }
        }

        @Override
        public String toString() {
            return "the secret in " + source;
        }
    }

    /**
     * The key pair; the caller closes it.
     *
     * @throws CommandException if there is no secret, or it is none
     */
    KeyPair keyPair() {
        return secret().made(text -> KeyPair.of(keyType, text));
    }

    /**
     * What others encrypt for.
     *
     * @throws CommandException if there is no secret, or it is none
     */
    byte[] encryptionKey() {
        return secret().made(SecretOptions::publicKey);
    }

    /**
     * Gives a client its keys.
     *
     * @throws CommandException if there is no secret, or it is none
     */
    void applyTo(RmbClientBuilder client) {
        keyPair().close();
        client.secret(secret().text()).keyType(keyType);
    }

    private Secret secret() {
        Path file = keyFile;
        if (file != null) {
            return read(file);
        }
        String secret = System.getenv(VARIABLE);
        if (secret == null || secret.isBlank()) {
            throw new CommandException(
                    "no secret: name a file with --key-file, or set " + VARIABLE);
        }
        return new Secret(secret.strip(), VARIABLE);
    }

    static KeyPair keyPair(KeyType type, Path file) {
        return read(file).made(text -> KeyPair.of(type, text));
    }

    /** What others encrypt for. */
    static byte[] encryptionKey(Path file) {
        return read(file).made(SecretOptions::publicKey);
    }

    private static byte[] publicKey(String secret) {
        try (EncryptionKey key = EncryptionKey.of(secret)) {
            return key.publicKey();
        }
    }

    private static Secret read(Path file) {
        try {
            return new Secret(Files.readString(file).strip(), file.toString());
        } catch (IOException e) {
            throw new CommandException("the secret in " + file + " cannot be read: " + e, e);
        }
    }
}
