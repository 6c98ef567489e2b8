package dev.rmb.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** What is wrong with topics that exist, and what to do about it. Pure; not thread-safe. */
final class TopicCheck {
    private static final int IN_SYNC = 2;
    private static final String ACCEPT =
            ", or accept that the loss of a broker may lose messages: kafka.acceptWeakReplication:"
                    + " true";

    private final Durability durability;
    private final List<String> wrong = new ArrayList<>();

    TopicCheck(Durability durability) {
        this.durability = durability;
    }

    /** A sentence for each fault found so far. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    void check(TopicSpec spec, TopicDescription topic, Config config) {
        String name = spec.name();
        int has = topic.partitions().size();
        if (has != spec.partitions()) {
            wrong.add(
                    "topic %s has %d partitions where the configuration says %d: set kafka.partitions to %d, or use another kafka.prefix"
                            .formatted(name, has, spec.partitions(), has));
        }
        for (Map.Entry<String, TopicSpec.Demand> demand : spec.demands().entrySet()) {
            check(name, demand.getKey(), value(config, demand.getKey()), demand.getValue());
        }
        if (!durability.acceptWeakReplication()) {
            checkReplication(name, topic, config);
        }
        if (durability.fsync()) {
            String setting = TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG;
            check(name, setting, value(config, setting), new TopicSpec.Demand.Exactly("1"));
        }
    }

    private void check(String topic, String setting, String value, TopicSpec.Demand demand) {
        if (demand instanceof TopicSpec.Demand.AtLeast atLeast) {
            long number = Long.parseLong(value);
            if (number >= 0 && number < atLeast.least()) {
                wrong.add(
                        "topic %s has %s=%d where at least %d is needed: raise its %s to %d%s"
                                .formatted(
                                        topic,
                                        setting,
                                        number,
                                        atLeast.least(),
                                        setting,
                                        atLeast.least(),
                                        atLeast.otherwise().isEmpty()
                                                ? ""
                                                : ", or " + atLeast.otherwise()));
            }
        } else if (demand instanceof TopicSpec.Demand.Exactly exactly
                && !exactly.value().equals(value)) {
            wrong.add(
                    "topic %s has %s=%s: set it to %s"
                            .formatted(topic, setting, value, exactly.value()));
        }
    }

    private void checkReplication(String name, TopicDescription topic, Config config) {
        int replicas =
                topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
        if (replicas < KafkaSettings.REPLICAS_THAT_LAST) {
            wrong.add(
                    "topic %s has %d replicas where %d are needed: reassign its partitions to as many brokers (kafka-reassign-partitions.sh)%s"
                            .formatted(name, replicas, KafkaSettings.REPLICAS_THAT_LAST, ACCEPT));
        }
        String inSync = value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        if (Integer.parseInt(inSync) < IN_SYNC) {
            wrong.add(
                    "topic %s counts records as written that %s broker has: set its min.insync.replicas to %d%s"
                            .formatted(name, inSync, IN_SYNC, ACCEPT));
        }
        if (!value(config, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).equals("false")) {
            wrong.add(
                    "topic %s may be led by a broker that lacks records: set its unclean.leader.election.enable to false%s"
                            .formatted(name, ACCEPT));
        }
    }

    /** What holds for the topic, the broker's default included. */
    private static String value(Config config, String setting) {
        ConfigEntry entry = config.get(setting);
        return entry == null ? "" : entry.value();
    }
}
