package dev.rmb.router.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.protocol.Address;
import io.dropwizard.util.DataSize;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of relays, of which twins may name any number. */
final class RelaysTest {
    private static final Address TO = Address.of(7);
    private static final int MANY = 12_000;

    private long nowMs;

    private final Relays relays =
            new Relays(
                    new FederationSettings(
                            Duration.ofSeconds(3),
                            3,
                            Duration.ofMillis(200),
                            Duration.ofHours(1),
                            Duration.ofSeconds(1),
                            Duration.ofMinutes(1),
                            32,
                            512,
                            DataSize.mebibytes(32),
                            List.of(),
                            false,
                            false,
                            null),
                    new Timer() {
                        @Override
                        public long nowMs() {
                            return nowMs;
                        }

                        @Override
                        public void after(long delayMs, Runnable task) {
                            throw new IllegalStateException("nothing is done later");
                        }
                    },
                    Clock.systemUTC(),
                    new MetricRegistry());

    @Test
    void onlySoManyRelaysAreRememberedForTheirFailures() {
        relays.waiting(List.of("first.example.net"), 1);
        for (int i = 0; i < MANY; i++) {
            nowMs++;
            fail("r" + i + ".example.net");
        }

        relays.forgetIdle(600_000);

        List<String> left = relays.states().stream().map(RelayState::domain).toList();
        assertThat(left).hasSize(10_000);
        assertThat(left).contains("first.example.net", "r11999.example.net");
        assertThat(left).doesNotContain("r0.example.net");
    }

    private void fail(String domain) {
        Relay relay = relays.ranked(List.of(domain), TO).getFirst();
        Relays.Fare fare = relays.fare(List.of(domain), TO, 1);
        relays.failed(relay, "no answer");
        fare.end();
    }
}
