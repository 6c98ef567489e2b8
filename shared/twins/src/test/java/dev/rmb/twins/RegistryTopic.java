package dev.rmb.twins;

import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.kafka.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A registry's topic of its own for each test. */
final class RegistryTopic {
    private RegistryTopic() {}

    static KafkaSettings make(EmbeddedBroker broker) {
        var settings =
                new KafkaSettings(
                        broker.bootstrapServers(), UUID.randomUUID() + ".", 1, 1, Map.of());
        var topic = new TopicSpec(settings.name("twins"), 1, Map.of("cleanup.policy", "compact"));
        new TopicSetup(settings, Duration.ofSeconds(30)).ensure(List.of(topic));
        return settings;
    }
}
