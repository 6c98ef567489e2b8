package dev.rmb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.bench.hub.Hub;
import dev.rmb.bench.process.ServerPid;
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
        return settings(
                List.of(port), new Load(senders, receivers, 8, rate, payload, false), loops);
    }

    private static LoadSettings settings(List<Integer> ports, Load load, int loops) {
        return new LoadSettings(
                ports.stream().map(port -> URI.create("ws://127.0.0.1:" + port)).toList(),
                900_001,
                load,
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                loops,
                ServerPid.unnamed(List.of(ProcessHandle.current().pid(), Long.MAX_VALUE)));
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
    void callsAreAnsweredOnceAndInOrder() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report =
                    run(
                            settings(
                                    List.of(hub.address().getPort()),
                                    new Load(3, 2, 4, null, 256, true),
                                    2));

            assertThat(report.isPerfect()).isTrue();
            assertThat(report.messages()).isPositive();
            assertThat(report.settings().isAnswered()).isTrue();
            assertThat(report.latency().p50()).isPositive();
            assertThat(report.delivery().errors()).isEmpty();
        }
    }

    @Test
    void callsCanBeMadeByTheClock() throws Exception {
        try (Hub hub = Hub.start(ANY_PORT)) {
            LoadReport report =
                    run(settings(List.of(hub.address().getPort()), Load.calls(2, 3).at(1000), 1));
            assertThat(report.isPerfect()).isTrue();
            assertThat(report.delivery().sent()).isPositive();
        }
    }

    @Test
    void sessionsConnectToSeveralServersInTurn() throws Exception {
        // Two hubs know nothing of each other: a sender reaches only receivers at its own one.
        try (Hub one = Hub.start(ANY_PORT);
                Hub other = Hub.start(ANY_PORT)) {
            LoadReport report =
                    run(
                            settings(
                                    List.of(one.address().getPort(), other.address().getPort()),
                                    new Load(1, 2, 1, 100.0, 256, false),
                                    1));
            assertThat(report.delivery().received()).isPositive();
            assertThat(report.delivery().lost())
                    .as("what was for the receiver at the other hub")
                    .isPositive();
            assertThat(report.isPerfect()).isFalse();
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
