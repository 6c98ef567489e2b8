package dev.rmb.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The configuration of the one node: small, quick to restart, and open to this machine only. */
final class BrokerProperties {
    static final int NODE_ID = 1;
    static final String HOST = "127.0.0.1";
    static final String CLIENT_LISTENER = "CLIENTS";
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** A 16 MiB envelope and what the log adds to it; delivery.md, rule 17. */
    static final int MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

    /** What the broker decides itself. */
    static final Set<String> OWNED =
            Set.of(
                    "process.roles",
                    "node.id",
                    "broker.id",
                    "controller.quorum.voters",
                    "controller.listener.names",
                    "inter.broker.listener.name",
                    "listeners",
                    "advertised.listeners",
                    "listener.security.protocol.map",
                    "log.dir",
                    "log.dirs",
                    "metadata.log.dir");

    private BrokerProperties() {}

    static Map<String, String> of(
            Path logs, int clientPort, int controllerPort, BrokerSettings settings) {
        var properties = new HashMap<String, String>();
        properties.putAll(tuned());
        properties.putAll(settings.properties());
        properties.putAll(owned(logs, clientPort, controllerPort, settings.protocol()));
        return properties;
    }

    private static Map<String, String> owned(
            Path logs, int clientPort, int controllerPort, String protocol) {
        String clients = CLIENT_LISTENER + "://" + HOST + ":" + clientPort;
        String controllers = CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                // On disk KRaft remembers the ids of static voters and not where they listen, so
                // the
                // port may be another one at each start.
                "controller.quorum.voters",
                NODE_ID + "@" + HOST + ":" + controllerPort,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "inter.broker.listener.name",
                CLIENT_LISTENER,
                "listeners",
                clients + "," + controllers,
                "advertised.listeners",
                clients,
                "listener.security.protocol.map",
                CLIENT_LISTENER + ":" + protocol + "," + CONTROLLER_LISTENER + ":PLAINTEXT",
                "log.dirs",
                logs.toString());
    }

    private static Map<String, String> tuned() {
        var properties = new HashMap<String, String>();
        // One node holds everything.
        properties.put("default.replication.factor", "1");
        properties.put("min.insync.replicas", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("share.coordinator.state.topic.num.partitions", "1");
        properties.put("auto.create.topics.enable", "false");

        // After a crash the node waits for its own former session to end.
        properties.put("broker.session.timeout.ms", "1500");
        properties.put("broker.heartbeat.interval.ms", "300");
        properties.put("controlled.shutdown.enable", "true");

        // A member that died is replaced as soon as its own time-out says so.
        properties.put("group.min.session.timeout.ms", "500");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("group.streams.initial.rebalance.delay.ms", "0");
        // An abandoned transaction holds up readers until the next look for such.
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

        // Fixed socket buffers stall the loopback interface for 200 ms at a time.
        properties.put("socket.send.buffer.bytes", "-1");
        properties.put("socket.receive.buffer.bytes", "-1");
        properties.put("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        properties.put("replica.fetch.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));

        // It shares the process with the relay.
        properties.put("num.network.threads", "1");
        properties.put("num.io.threads", "2");
        properties.put("background.threads", "2");
        properties.put("group.coordinator.threads", "1");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
        return properties;
    }
}
