package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RelayErrorsTest {
    private static final int MANY = 200;

    @Test
    void rule09AnErrorThatCannotBeSentNowIsGivenBackAtOnce() {
        // Nobody listens there.
        var kafka = new KafkaSettings("127.0.0.1:1", "", 4, 1, Map.of());
        List<Boolean> heard = Collections.synchronizedList(new ArrayList<>());
        long began;
        try (var errors =
                new RelayErrors(
                        kafka, "router", "topic", new MetricRegistry(), Clock.systemUTC())) {
            began = System.nanoTime();
            for (int i = 0; i < MANY; i++) {
                errors.send(new Refusal("uid-" + i, Address.of(7), "mailbox full"), heard::add);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(5));
            await().atMost(Duration.ofSeconds(10)).until(() -> heard.size() == MANY);
        }
        assertThat(heard).containsOnly(false);
    }
}
