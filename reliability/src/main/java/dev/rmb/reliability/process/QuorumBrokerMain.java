package dev.rmb.reliability.process;

import dev.rmb.server.logging.Logging;
import dev.rmb.server.logging.LoggingConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One of several brokers that are one cluster, each of them a controller, too. Arguments: its
 * directory, its number from 1, then a client port and a controller port for each of them.
 */
public final class QuorumBrokerMain {
    private static final String CLUSTER = "cmVsaWFiaWxpdHkgcXVvcg";
    private static final String CLIENTS = "PLAINTEXT";
    private static final String CONTROLLERS = "CONTROLLER";
    private static final int MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

    private QuorumBrokerMain() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws Exception {
        Logging.configure(LoggingConfig.defaults());
        Path logs = Path.of(arguments[0]).toAbsolutePath().resolve("logs");
        int node = Integer.parseInt(arguments[1]);
        int[] ports =
                Arrays.stream(arguments, 2, arguments.length).mapToInt(Integer::parseInt).toArray();
        formatIfNew(logs, node);
        var server =
                new KafkaRaftServer(
                        new KafkaConfig(properties(logs, node, ports), false), Time.SYSTEM);
        server.startup();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.shutdown();
                                    server.awaitShutdown();
                                },
                                "shutdown"));
        System.out.println("ready kafka=127.0.0.1:" + ports[2 * (node - 1)]);
        new CountDownLatch(1).await();
    }

    private static void formatIfNew(Path logs, int node) throws Exception {
        if (Files.exists(logs.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return;
        }
        Files.createDirectories(logs);
        new Formatter()
                .setPrintStream(System.err)
                .setNodeId(node)
                .setClusterId(CLUSTER)
                .setControllerListenerName(CONTROLLERS)
                .setMetadataLogDirectory(logs.toString())
                .addDirectory(logs.toString())
                .run();
    }

    private static Map<String, String> properties(Path logs, int node, int[] ports) {
        int nodes = ports.length / 2;
        String clients = CLIENTS + "://127.0.0.1:" + ports[2 * (node - 1)];
        String controllers = CONTROLLERS + "://127.0.0.1:" + ports[2 * (node - 1) + 1];
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(node));
        properties.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(id -> id + "@127.0.0.1:" + ports[2 * (id - 1) + 1])
                        .collect(Collectors.joining(",")));
        properties.put("controller.listener.names", CONTROLLERS);
        properties.put("inter.broker.listener.name", CLIENTS);
        properties.put("listeners", clients + "," + controllers);
        properties.put("advertised.listeners", clients);
        properties.put(
                "listener.security.protocol.map",
                CLIENTS + ":PLAINTEXT," + CONTROLLERS + ":PLAINTEXT");
        properties.put("log.dirs", logs.toString());
        // As in production: two of three have what is acknowledged.
        for (String topic : List.of("offsets.topic", "transaction.state.log")) {
            properties.put(topic + ".replication.factor", Integer.toString(nodes));
            properties.put(topic + ".num.partitions", "4");
        }
        properties.put("transaction.state.log.min.isr", "2");
        properties.put("default.replication.factor", Integer.toString(nodes));
        properties.put("min.insync.replicas", "2");
        properties.put("unclean.leader.election.enable", "false");
        properties.put("auto.create.topics.enable", "false");
        properties.put("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        properties.put("replica.fetch.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // Small, three of them beside everything else.
        properties.put("num.network.threads", "1");
        properties.put("num.io.threads", "2");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
        properties.put("socket.send.buffer.bytes", "-1");
        properties.put("socket.receive.buffer.bytes", "-1");
        return properties;
    }
}
