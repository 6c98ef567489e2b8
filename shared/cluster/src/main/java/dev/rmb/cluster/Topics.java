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

    private static final int RETENTIONS_PER_LIFE = 2;

    /** A life counts from when the broker took the record: senders' clocks are wrong. */
    private static final String APPEND_TIME = "LogAppendTime";

    /** A log that is cut by size forgets messages whose life has not ended. */
    private static final String UNLIMITED = "-1";

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

    /**
     * Everything that must exist before a gateway or router starts, for messages that live as long
     * as the log allows.
     */
    public List<TopicSpec> required() {
        return required(RETENTION.dividedBy(RETENTIONS_PER_LIFE));
    }

    /**
     * Everything that must exist before a gateway or router starts.
     *
     * @param longestLife of a message; the log must keep records for at least twice as long
     *     (delivery.md, 8)
     */
    public List<TopicSpec> required(Duration longestLife) {
        return List.of(
                envelopeLog(longestLife),
                compacted(owners()),
                compacted(members()),
                compacted(twins()),
                compacted(settings()));
    }

    private TopicSpec envelopeLog(Duration longestLife) {
        Duration least = longestLife.multipliedBy(RETENTIONS_PER_LIFE);
        return new TopicSpec(
                envelopes(),
                settings.partitions(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(RETENTION.toMillis()),
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        UNLIMITED,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        APPEND_TIME,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(KafkaSettings.MAX_RECORD_BYTES)),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        new TopicSpec.Demand.Exactly(TopicConfig.CLEANUP_POLICY_DELETE),
                        TopicConfig.RETENTION_MS_CONFIG,
                        new TopicSpec.Demand.AtLeast(
                                least.toMillis(),
                                "lower router.delivery.longestLife, which is "
                                        + longestLife
                                        + ", to at most half of it"),
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        new TopicSpec.Demand.Exactly(UNLIMITED),
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        new TopicSpec.Demand.Exactly(APPEND_TIME),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        new TopicSpec.Demand.AtLeast(KafkaSettings.MAX_RECORD_BYTES)));
    }

    private static TopicSpec compacted(String name) {
        return new TopicSpec(
                name,
                1,
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        new TopicSpec.Demand.Exactly(TopicConfig.CLEANUP_POLICY_COMPACT)));
    }
}
