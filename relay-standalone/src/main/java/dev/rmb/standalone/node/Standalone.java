package dev.rmb.standalone.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.logging.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole relay in one process, with a broker of its own. */
public final class Standalone {
    private static final Logger log = LoggerFactory.getLogger(Standalone.class);
    private static final String FILE = "file:";
    private static final String TFCHAIN = "tfchain:";

    /** Each costs threads' turns, files and memory; one machine needs no more. */
    private static final int PARTITIONS = 4;

    /** Of messages in memory; all partitions share this process's heap with the broker. */
    private static final String PARTITION_MEMORY = "16MiB";

    private Standalone() {}

    /**
     * Starts broker, router and gateway.
     *
     * @throws IOException if a port or directory cannot be used
     * @throws RuntimeException if the options are wrong, or the broker does not start; the message
     *     says why
     */
    public static Node start(StandaloneOptions options) throws IOException {
        // Before anything is started, so that wrong options cost nothing.
        RelayConfig unstarted = config(options, "127.0.0.1:1");
        Logging.configure(unstarted.logging());
        Path data = options.data().toAbsolutePath().normalize();
        BrokerSettings settings = BrokerSettings.onFreePort();
        EmbeddedBroker broker =
                EmbeddedBroker.start(
                        data.resolve("kafka"),
                        unstarted.kafka().fsync() ? settings.flushed() : settings);
        var _ =
                broker.failure()
                        .thenAccept(failure -> {
                            log.error("The broker failed; the relay ends with it", failure);
                            // Nothing is lost by it: what was accepted is on disk.
                            Runtime.getRuntime().halt(1);
                        });
        return Node.both(config(options, broker.bootstrapServers()), broker);
    }

    private static RelayConfig config(StandaloneOptions options, String bootstrapServers) {
        Map<String, Object> sections =
                Map.of(
                        "gateway",
                        Map.of("name", "standalone", "listen", options.listen().toString()),
                        "router",
                        Map.of(
                                "name",
                                "standalone",
                                "domains",
                                options.domains(),
                                "delivery",
                                Map.of("memory", PARTITION_MEMORY),
                                "streams",
                                Map.of(
                                        "stateDirectory",
                                        options.data()
                                                .toAbsolutePath()
                                                .normalize()
                                                .resolve("router")
                                                .toString(),
                                        "standbys",
                                        0)),
                        "kafka",
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "partitions",
                                PARTITIONS,
                                "replication",
                                1,
                                "acceptWeakReplication",
                                true,
                                "fsync",
                                options.fsync()),
                        "twins",
                        twins(options.twins()),
                        "admin",
                        Map.of("listen", options.admin().toString()));
        try {
            // JSON is YAML: one reader serves files and the command line.
            String yaml = new ObjectMapper().writeValueAsString(sections);
            return ConfigLoader.parse(yaml, RelayConfig.class, options.environment());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("options that cannot be written as JSON", e);
        }
    }

    private static Map<String, Object> twins(String source) {
        if (source.startsWith(FILE)) {
            return Map.of("type", "file", "path", source.substring(FILE.length()));
        }
        if (source.startsWith(TFCHAIN)) {
            List<String> urls = List.of(source.substring(TFCHAIN.length()).split(",", -1));
            return Map.of("type", "tfchain", "urls", urls);
        }
        if (source.equals("registry")) {
            return Map.of("type", "registry");
        }
        throw new IllegalArgumentException(
                "--twins "
                        + source
                        + " is no source of twins: use registry, file:PATH or tfchain:URL");
    }
}
