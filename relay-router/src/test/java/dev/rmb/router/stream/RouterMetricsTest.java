package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Now;
import dev.rmb.router.dispatch.RecordingEffects;
import dev.rmb.router.dispatch.TestMessage;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RouterMetricsTest {
    private static final long NOW = 1_000_000;

    private final MetricRegistry registry = new MetricRegistry();
    private final RouterMetrics metrics = new RouterMetrics(registry, 5_000);

    @Test
    void mailboxesAreTheSumOfThePartitionsAndGoWithThem() {
        RouterMetrics.Share one = share(0, 3);
        RouterMetrics.Share other = share(1, 2);

        assertThat(counter("rmb_router_mailbox_messages")).isEqualTo(5);
        assertThat(counter("rmb_router_mailbox_bytes")).isPositive();
        assertThat(gauge("rmb_router_stored_ratio")).isEqualTo(1.0);
        assertThat(gauge("rmb_router_mailbox_oldest_seconds")).isEqualTo(69.1);
        assertThat(gauge("rmb_router_log_lag_seconds")).isEqualTo(7.0);
        assertThat(gauge("rmb_router_log_lag_alarms")).isEqualTo(2L);

        one.end();
        other.end();

        assertThat(counter("rmb_router_mailbox_messages")).isZero();
        assertThat(counter("rmb_router_mailbox_bytes")).isZero();
        assertThat(counter("rmb_router_stored_total")).isEqualTo(5);
        assertThat(gauge("rmb_router_log_lag_alarms")).isEqualTo(0L);
    }

    @Test
    void refusalsAreCountedByReason() {
        assertThat(registry.getCounters())
                .containsKeys(
                        "rmb_router_refused_total{reason=\"unknown_twin\"}",
                        "rmb_router_refused_total{reason=\"no_relay\"}",
                        "rmb_router_refused_total{reason=\"destination_offline\"}",
                        "rmb_router_refused_total{reason=\"mailbox_full\"}",
                        "rmb_router_expired_total");
    }

    /** A partition with some mail, which was seven seconds old when it was read. */
    private RouterMetrics.Share share(int partition, int messages) {
        Dispatcher dispatcher =
                new Dispatcher(
                        DispatchSettings.DEFAULTS,
                        new Mailboxes(new TreeKeyValues()),
                        new RecordingEffects(),
                        new RouterMemory(1 << 20),
                        0,
                        new Now(0, NOW));
        RouterMetrics.Share share = metrics.new Share(partition, dispatcher);
        dispatcher.merged();
        dispatcher.claimed(1);
        dispatcher.gateways(Set.of());
        for (int offset = 0; offset < messages; offset++) {
            TestMessage message = TestMessage.request("7");
            dispatcher.record(
                    offset, NOW - 7_000, TestMessage.header(), message.key(), message.value());
        }
        for (long ms = 100; ms <= 62_100; ms += 100) {
            dispatcher.tick(new Now(ms, NOW + ms));
            while (dispatcher.work()) {
                // until there is no more of it
            }
        }
        share.publish(62_100);
        return share;
    }

    private long counter(String name) {
        return registry.counter(name).getCount();
    }

    private Object gauge(String name) {
        return Objects.requireNonNull(registry.getGauges().get(name)).getValue();
    }
}
