package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

final class StreamsPropertiesTest {
    @Test
    void rule04AZombieIsFencedAndItsTransactionEndsSoon() {
        var properties =
                StreamsProperties.of(
                        new KafkaSettings("127.0.0.1:9092", "", 4, 1, Map.of()),
                        new StreamSettings(
                                Path.of("state"),
                                1,
                                1,
                                Duration.ofSeconds(6),
                                Duration.ofMillis(200),
                                Duration.ofMinutes(10)),
                        "router",
                        "application");

        assertThat(properties)
                .containsEntry(
                        StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
                .containsEntry(
                        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                        3_000);
    }
}
