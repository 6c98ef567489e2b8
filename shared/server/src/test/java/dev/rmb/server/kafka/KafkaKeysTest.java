package dev.rmb.server.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

final class KafkaKeysTest {
    @Test
    void everyPropertyOfStreamsIsKnownAndNothingElseIsHeldForOne() {
        Set<String> streams = new TreeSet<>(StreamsConfig.configDef().names());
        streams.removeAll(ProducerConfig.configNames());
        streams.removeAll(ConsumerConfig.configNames());
        streams.removeAll(AdminClientConfig.configNames());
        streams.removeAll(KafkaKeys.OWNED);

        assertThat(KafkaKeys.STREAMS).containsExactlyInAnyOrderElementsOf(streams);
    }

    @Test
    void noTwoPropertiesHaveOneEnvironmentVariable() {
        Set<String> keys = new KafkaKeys().get();

        assertThat(
                        keys.stream()
                                .map(k -> k.replaceAll("[^a-z0-9]", "").toUpperCase(Locale.ROOT))
                                .collect(Collectors.toSet()))
                .hasSameSizeAs(keys);
    }
}
