package dev.rmb.server.kafka;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.kafka.Durability;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.server.config.HostPort;
import dev.rmb.server.config.OpenSection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import java.util.TreeSet;

/**
 * The {@code kafka} section: which Kafka, and how its clients reach it.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param prefix of all topics and of the routers' consumer group; may be empty
 * @param partitions of the envelope topic; fixed when the topic is made
 * @param replication of every topic
 * @param acceptWeakReplication for trials: topics may have fewer than 3 replicas, count records as
 *     written that one broker has, or be led by a broker that lacks some; then the loss of a broker
 *     may lose messages that were accepted
 * @param fsync brokers write each record to disk before they acknowledge it, so that not even a
 *     power cut loses it
 * @param properties of Kafka's clients, passed through: security, time-outs
 */
@OpenSection(keys = KafkaKeys.class)
public record KafkaConfig(
        @JsonProperty("bootstrap.servers") String bootstrapServers,
        @JsonProperty(defaultValue = "rmb.")
                @Pattern(
                        regexp = "[a-zA-Z0-9._-]{0,100}",
                        message =
                                "may only have letters, digits, '.', '_' and '-', at most 100 of"
                                        + " them")
                String prefix,
        @JsonProperty(defaultValue = "64") @Min(1) @Max(10_000) int partitions,
        @JsonProperty(defaultValue = "3") @Min(1) @Max(10) int replication,
        @JsonProperty(defaultValue = "false") boolean acceptWeakReplication,
        @JsonProperty(defaultValue = "false") boolean fsync,
        @JsonAnySetter Map<String, String> properties) {

    public KafkaConfig {
        for (String server : bootstrapServers.split(",", -1)) {
            HostPort address = HostPort.parse(server);
            if (address.port() == 0) {
                throw new IllegalArgumentException(
                        "bootstrap.servers: '" + server + "' has port 0, which nobody listens on");
            }
        }
        if (replication < KafkaSettings.REPLICAS_THAT_LAST && !acceptWeakReplication) {
            throw new IllegalArgumentException(
                    "replication "
                            + replication
                            + " loses accepted messages with a broker: set it to "
                            + KafkaSettings.REPLICAS_THAT_LAST
                            + ", or accept that with kafka.acceptWeakReplication: true");
        }
        properties = Map.copyOf(properties);
        for (String key : properties.keySet()) {
            if (KafkaKeys.OWNED.contains(key)) {
                throw new IllegalArgumentException(
                        key + " is set by the relay itself, which relies on its value; remove it");
            }
        }
    }

    /** Names the properties only: their values may be passwords. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers="
                + bootstrapServers
                + ", prefix="
                + prefix
                + ", partitions="
                + partitions
                + ", replication="
                + replication
                + ", properties="
                + new TreeSet<>(properties.keySet())
                + "]";
    }

    /** As {@code shared/kafka} takes it. */
    public KafkaSettings settings() {
        return new KafkaSettings(
                bootstrapServers,
                prefix,
                partitions,
                replication,
                new Durability(acceptWeakReplication, fsync),
                properties);
    }
}
