package dev.rmb.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class KafkaSettingsTest {
    @Test
    void aProducersRecordsAreKeptOnceAcknowledged() {
        assertThat(settings(Map.of()).producer("p"))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("max.request.size", 17 << 20)
                .containsEntry("send.buffer.bytes", -1);
    }

    @Test
    void propertiesReachTheClientsThatKnowThemAndWin() {
        KafkaSettings settings =
                settings(
                        Map.of(
                                "security.protocol",
                                "SSL",
                                "linger.ms",
                                "7",
                                "receive.buffer.bytes",
                                "9"));

        assertThat(settings.producer("p"))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "7");
        assertThat(settings.consumer("c"))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("receive.buffer.bytes", "9")
                .doesNotContainKey("linger.ms");
        assertThat(settings.admin("a")).containsEntry("security.protocol", "SSL");
    }

    @Test
    void noValueOfAPropertyIsPrinted() {
        assertThat(settings(Map.of("sasl.jaas.config", "password=\"hunter2\"")).toString())
                .contains("sasl.jaas.config")
                .doesNotContain("hunter2");
    }

    @Test
    void impossibleValuesAreRefused() {
        assertThatThrownBy(() -> new KafkaSettings(" ", "", 1, 1, Map.of()))
                .hasMessageContaining("bootstrap");
        assertThatThrownBy(() -> new KafkaSettings("a:1", "", 0, 1, Map.of()))
                .hasMessageContaining("partitions");
        assertThatThrownBy(() -> new KafkaSettings("a:1", "", 1, 40_000, Map.of()))
                .hasMessageContaining("replication");
    }

    private static KafkaSettings settings(Map<String, String> properties) {
        return new KafkaSettings("127.0.0.1:9092", "rmb.", 4, 1, properties);
    }
}
