package dev.rmb.standalone.command;

import dev.rmb.server.config.HostPort;
import dev.rmb.standalone.node.Standalone;
import dev.rmb.standalone.node.StandaloneOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description =
                "Runs a whole relay in this process: gateway, router, and a Kafka broker of its own"
                        + " that keeps everything in the data directory.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Prints a line that begins with \"ready\" once it accepts clients. SIGTERM or Ctrl-C"
                    + " stops it.",
            "Settings of configuration files can be set by the environment, for example"
                    + " RMB_LOGGING_LEVEL=DEBUG."
        })
final class UpCommand implements Runnable {
    /** Of the broker inside. */
    private static final Set<String> ALWAYS_OWN =
            Set.of(
                    "RMB_KAFKA_BOOTSTRAP_SERVERS",
                    "RMB_KAFKA_PARTITIONS",
                    "RMB_KAFKA_REPLICATION",
                    "RMB_KAFKA_ACCEPT_WEAK_REPLICATION");

    /** Options, and the variables that say the same but less strongly. */
    private static final Map<String, String> OPTIONS =
            Map.of(
                    "--data", "RMB_ROUTER_STREAMS_STATE_DIRECTORY",
                    "--listen", "RMB_GATEWAY_LISTEN",
                    "--admin", "RMB_ADMIN_LISTEN",
                    "--domain", "RMB_ROUTER_DOMAINS",
                    "--twins", "RMB_TWINS",
                    "--fsync", "RMB_KAFKA_FSYNC");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "where everything is kept (default: ${DEFAULT-VALUE})")
    private Path data = Path.of("data");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description =
                    "where clients connect; port 0 takes a free one (default: ${DEFAULT-VALUE})")
    private HostPort listen = HostPort.parse("127.0.0.1:8080");

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8081",
            description = "where the admin API is served (default: ${DEFAULT-VALUE})")
    private HostPort admin = HostPort.parse("127.0.0.1:8081");

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            description =
                    "a domain by which twins name this relay; may be repeated (default:"
                            + " localhost)")
    private List<String> domains = List.of("localhost");

    @Option(
            names = "--twins",
            paramLabel = "SOURCE",
            defaultValue = "registry",
            description =
                    "who the twins are: registry (built in, see relay twin), file:PATH with a JSON"
                            + " object a line, or tfchain:URL[,URL] with nodes of the chain"
                            + " (default: ${DEFAULT-VALUE})")
    private String twins = "registry";

    @Option(
            names = "--fsync",
            description =
                    "writes each message to disk before it is accepted, so that not even a power"
                            + " cut loses it; costs throughput and latency")
    private boolean fsync;

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Serving.untilStopped(
                spec,
                () ->
                        Standalone.start(
                                new StandaloneOptions(
                                        data,
                                        listen,
                                        admin,
                                        domains,
                                        twins,
                                        fsync,
                                        environment())));
    }

    /** The environment without what this command line says itself. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeAll(ALWAYS_OWN);
        OPTIONS.forEach((option, variable) -> {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                environment.keySet().removeIf(name -> name.startsWith(variable));
            }
        });
        return environment;
    }
}
