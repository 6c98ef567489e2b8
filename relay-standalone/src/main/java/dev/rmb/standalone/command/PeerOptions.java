package dev.rmb.standalone.command;

import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbClientBuilder;
import dev.rmb.protocol.identity.Signer;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** As which twin a command connects, and to which relay. */
final class PeerOptions {
    @Option(
            names = "--relay",
            paramLabel = "URL",
            defaultValue = "ws://127.0.0.1:8080",
            description = "the relay to connect to (default: ${DEFAULT-VALUE})")
    private URI relay = URI.create("ws://127.0.0.1:8080");

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

    RmbClientBuilder client(Signer key) {
        RmbClientBuilder builder = RmbClient.builder().relay(relay).twin(twin).signer(key);
        return session == null ? builder : builder.session(session);
    }
}
