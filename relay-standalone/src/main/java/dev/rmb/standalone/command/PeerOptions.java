package dev.rmb.standalone.command;

import dev.rmb.client.Encryption;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbClientBuilder;
import dev.rmb.tfchain.ChainSettings;
import dev.rmb.twins.CacheSettings;
import dev.rmb.twins.TfchainTwinDirectory;
import dev.rmb.twins.TwinDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** As which twin a command connects, to which relays, and who says who the others are. */
final class PeerOptions {
    private static final URI DEFAULT_RELAY = URI.create("ws://127.0.0.1:8080");

    /** Far more than one command talks to. */
    private static final CacheSettings CHAIN_CACHE =
            new CacheSettings(10_000, Duration.ofSeconds(10));

    @Mixin private final SecretOptions secret = new SecretOptions();

    @Option(
            names = "--relay",
            paramLabel = "URL",
            description =
                    "a relay to connect to; given several times, all are connected and the first"
                            + " that works sends (default: ws://127.0.0.1:8080)")
    private List<URI> relays = List.of();

    @Option(
            names = "--twin",
            paramLabel = "ID",
            required = true,
            description = "as which twin to connect")
    private long twin;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "which of the twin's connections this is (default: the unnamed one)")
    private @Nullable String session;

    @Option(
            names = "--chain",
            paramLabel = "URL",
            description =
                    "a node of TFChain that says who the other twins are; may be repeated (default:"
                            + " the relays say so, from their own registry)")
    private List<URI> chain = List.of();

    @Option(
            names = "--plain",
            description = "do not encrypt payloads, not even to twins that have a key")
    private boolean plain;

    /**
     * Who the other twins are; the caller closes it.
     *
     * @return {@code null} if the relays say so
     */
    @Nullable TwinDirectory directory() {
        if (chain.isEmpty()) {
            return null;
        }
        try {
            return TfchainTwinDirectory.start(ChainSettings.of(chain), CHAIN_CACHE);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--chain: " + e.getMessage(), e);
        }
    }

    /** A client with all that the options say; with the keys of its own. */
    RmbClientBuilder client(@Nullable TwinDirectory directory) {
        RmbClientBuilder builder = RmbClient.builder();
        try {
            builder.twin(twin).relays(relays.isEmpty() ? List.of(DEFAULT_RELAY) : relays);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        secret.applyTo(builder);
        if (session != null) {
            builder.session(session);
        }
        if (directory != null) {
            builder.directory(directory);
        }
        return plain ? builder.encryption(Encryption.NEVER) : builder;
    }
}
