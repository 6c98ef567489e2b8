package dev.rmb.cluster;

import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of one installation, and how they are made. See contracts.md, "Topics". */
public final class Topics {
    /** How long the log keeps an envelope; at least twice the longest life of a message. */
    private static final Duration RETENTION = Duration.ofHours(24);

    private final KafkaSettings settings;

    public Topics(KafkaSettings settings) {
        this.settings = settings;
    }

    public String envelopes() {
        return settings.name("envelopes");
    }

    public String owners() {
        return settings.name("owners");
    }

    public String members() {
        return settings.name("members");
    }

    public String twins() {
        return settings.name("twins");
    }

    public String settings() {
        return settings.name("settings");
    }

    /** The routers' Kafka Streams application, and with that their consumer group. */
    public String routerApplicationId() {
        return settings.name("router").replace('.', '-');
    }

    /** Everything that must exist before a gateway or router starts. */
    public List<TopicSpec> required() {
        return List.of(
                new TopicSpec(
                        envelopes(),
                        settings.partitions(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(RETENTION.toMillis()),
                                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                "LogAppendTime",
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(KafkaSettings.MAX_RECORD_BYTES))),
                compacted(owners()),
                compacted(members()),
                compacted(twins()),
                compacted(settings()));
    }

    private static TopicSpec compacted(String name) {
        return new TopicSpec(
                name,
                1,
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    }
}
