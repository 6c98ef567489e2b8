package dev.rmb.router.stream;

import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSpec;
import dev.rmb.router.stream.store.RocksStores;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** From the log to one processor with one store for each partition. */
final class RouterTopology {
    static final String STORE = "mailboxes";

    private static final String SOURCE = "log";
    private static final String PROCESSOR = "dispatch";

    /** Mail comes and goes: small segments and early cleaning keep a restore short. */
    private static final int SEGMENT_BYTES = 128 << 20;

    private RouterTopology() {}

    static Topology of(Surroundings surroundings) {
        var store =
                Stores.keyValueStoreBuilder(
                                new RocksStores(STORE), Serdes.Bytes(), Serdes.ByteArray())
                        // A cache would still write a tombstone for each message.
                        .withCachingDisabled()
                        .withLoggingEnabled(changelogSettings());
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SOURCE,
                        // A record without a usable time is data like any other.
                        (record, _) -> Math.max(0, record.timestamp()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        surroundings.topic())
                .addProcessor(PROCESSOR, () -> new PartitionProcessor(surroundings), SOURCE)
                .addStateStore(store, PROCESSOR);
    }

    /** The store's changelog, which must take what the log takes (delivery.md, 17 and 18). */
    static TopicSpec changelog(KafkaSettings kafka, String applicationId) {
        Map<String, String> settings = new HashMap<>(changelogSettings());
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        return new TopicSpec(
                applicationId + "-" + STORE + "-changelog",
                kafka.partitions(),
                settings,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        new TopicSpec.Demand.Exactly(TopicConfig.CLEANUP_POLICY_COMPACT),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        new TopicSpec.Demand.AtLeast(KafkaSettings.MAX_RECORD_BYTES)));
    }

    private static Map<String, String> changelogSettings() {
        return Map.of(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(KafkaSettings.MAX_RECORD_BYTES),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(SEGMENT_BYTES),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.2");
    }
}
