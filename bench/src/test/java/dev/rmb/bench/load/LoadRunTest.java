package dev.rmb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.bench.hub.Hub;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole runs against the hub: short ones, as it is not the speed that is tested. */
@Timeout(60)
class LoadRunTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static LoadSettings settings(
            int port, int senders, int receivers, @Nullable Double rate, int payload, int loops) {
        return new LoadSettings(
                URI.create("ws://127.0.0.1:" + port),
                900_001,
                senders,
                receivers,
                8,
                rate,
                payload,
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                loops,
                List.of(ProcessHandle.current().pid(), Long.MAX_VALUE));
    }

    private static LoadReport run(LoadSettings settings) throws InterruptedException {
        return run(settings, () -> {});
    }

    private static LoadReport run(LoadSettings settings, Runnable eachSecond)
            throws InterruptedException {
        var progress =
                new Progress() {
                    @Override
                    public void note(String text) {}

                    @Override
                    public void second(
                            boolean measuring,
                            long elapsedSeconds,
                            double messagesPerSecond,
                            LoadReport.Latency latency) {
                        eachSecond.run();
                    }
                };
        return new LoadRun(settings, progress, InstantSource.system()).run();
    }

    @Test
    void aClosedLoopIsDeliveredCompleteAndInOrder() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report = run(settings(hub.address().getPort(), 3, 2, null, 256, 1));

            assertThat(report.isPerfect()).isTrue();
            assertThat(report.delivery().sent())
                    .isEqualTo(report.delivery().received())
                    .isGreaterThanOrEqualTo(report.messages());
            assertThat(report.messages()).isPositive();
            assertThat(report.latency().p50()).isPositive();
            assertThat(report.latency().max()).isGreaterThanOrEqualTo(report.latency().p99());
            assertThat(report.delivery().errors()).isEmpty();
        }
    }

    @Test
    void sessionsMayBeSpreadOverLoops() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report = run(settings(hub.address().getPort(), 5, 7, null, 32, 3));
            assertThat(report.isPerfect()).isTrue();
        }
    }

    @Test
    void largeMessagesCross() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report = run(settings(hub.address().getPort(), 2, 2, null, 300_000, 1));
            assertThat(report.isPerfect()).isTrue();
        }
    }

    @Test
    void anOpenLoopKeepsItsRate() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report = run(settings(hub.address().getPort(), 4, 4, 2000.0, 256, 2));

            assertThat(report.isPerfect()).isTrue();
            assertThat((double) report.delivery().sent()).isBetween(2000 * 0.7 * 0.8, 2000 * 5.0);
            assertThat(report.settings().window()).isNull();
        }
    }

    @Test
    void aProcessThatIsNotThereIsNotReported() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report = run(settings(hub.address().getPort(), 1, 1, null, 256, 1));
            assertThat(report.servers())
                    .allSatisfy(cost -> assertThat(cost.pid()).isNotEqualTo(Long.MAX_VALUE));
        }
    }

    @Test
    void aServerThatGoesAwayEndsTheRunWithTheReason() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report =
                    run(settings(hub.address().getPort(), 2, 2, null, 256, 1), hub::close);

            assertThat(report.isPerfect()).isFalse();
            assertThat(report.broken()).isNotNull();
        }
    }

    @Test
    void aServerThatIsNotThereIsAnErrorForTheUser() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> run(settings(port, 1, 1, null, 256, 1)))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("cannot connect");
    }
}
