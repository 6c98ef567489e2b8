package dev.rmb.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Which Kafka, and how its clients are set up. The methods return fresh maps that the caller may
 * change.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param prefix of all topics and of the routers' application id; may be empty
 * @param partitions of the envelope topic, at least 1; fixed when the topic is made
 * @param replication of every topic, at least 1
 * @param durability that is demanded of every topic
 * @param properties passed to every client that knows them, and stronger than what this class sets:
 *     security, time-outs
 */
public record KafkaSettings(
        String bootstrapServers,
        String prefix,
        int partitions,
        int replication,
        Durability durability,
        Map<String, String> properties) {

    /**
     * Largest record, key and header included: a frame of 16 MiB and its overhead (delivery.md,
     * 17).
     */
    public static final int MAX_RECORD_BYTES = 17 << 20;

    /** So many replicas make up for a broker that is lost, and one more that is restarted. */
    public static final int REPLICAS_THAT_LAST = 3;

    /** How many of them must have a record before it counts. */
    private static final int IN_SYNC = 2;

    public KafkaSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap servers are missing");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1: " + partitions);
        }
        if (replication < 1 || replication > Short.MAX_VALUE) {
            throw new IllegalArgumentException("replication out of range: " + replication);
        }
        properties = Map.copyOf(properties);
    }

    /** Weak replication is accepted if it is what is asked for. */
    public KafkaSettings(
            String bootstrapServers,
            String prefix,
            int partitions,
            int replication,
            Map<String, String> properties) {
        this(
                bootstrapServers,
                prefix,
                partitions,
                replication,
                new Durability(replication < REPLICAS_THAT_LAST, false),
                properties);
    }

    /** Names the properties only: their values may be passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[bootstrapServers="
                + bootstrapServers
                + ", prefix="
                + prefix
                + ", partitions="
                + partitions
                + ", replication="
                + replication
                + ", properties="
                + properties.keySet()
                + "]";
    }

    /**
     * How topics are made that keep what they took when a broker is lost: enough replicas must have
     * a record before it counts, and none that lacks some may lead (delivery.md, 18).
     */
    public Map<String, String> lasting() {
        Map<String, String> lasting = new HashMap<>();
        lasting.put(
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                Integer.toString(replication >= REPLICAS_THAT_LAST ? IN_SYNC : 1));
        lasting.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        if (durability.fsync()) {
            lasting.put(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1");
        }
        return lasting;
    }

    /** What every client needs, an admin client among them. */
    public Map<String, Object> client(String clientId) {
        Map<String, Object> client = new HashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        // Kafka's fixed sizes cause zero windows and stalls of 200 ms on loopback (KAFKA's defaults
        // are 32, 64 and 100 KiB): let the system size them.
        client.put(CommonClientConfigs.SEND_BUFFER_CONFIG, -1);
        client.put(CommonClientConfigs.RECEIVE_BUFFER_CONFIG, -1);
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return client;
    }

    public Map<String, Object> admin(String clientId) {
        Map<String, Object> admin = client(clientId);
        passThrough(admin, AdminClientConfig.configNames());
        return admin;
    }

    /** A producer whose records are kept once acknowledged: all in-sync replicas, idempotent. */
    public Map<String, Object> producer(String clientId) {
        Map<String, Object> producer = client(clientId);
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        passThrough(producer, ProducerConfig.configNames());
        return producer;
    }

    /** A consumer without a group that sees committed records only. */
    public Map<String, Object> consumer(String clientId) {
        Map<String, Object> consumer = client(clientId);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_RECORD_BYTES);
        passThrough(consumer, ConsumerConfig.configNames());
        return consumer;
    }

    /** The full name of a topic or group of this installation. */
    public String name(String shortName) {
        return prefix + shortName;
    }

    private void passThrough(Map<String, Object> client, Iterable<String> known) {
        for (String name : known) {
            String value = properties.get(name);
            if (value != null) {
                client.put(name, value);
            }
        }
    }
}
