package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway takes leave of its clients. */
@Timeout(60)
final class DrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;

    @Test
    void sessionsEndEvenlySpreadOverThePeriod() throws IOException {
        int sessions = 60;
        long periodMs = 1_500;
        try (var gateway = new TestGateway("drain: {period: 1500ms}\nloops: 2")) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                peers.add(gateway.connect(ALICE, "s" + i));
            }
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", sessions);
            long start = System.nanoTime();

            gateway.gateway.drain();

            // Half the time, half the sessions: about, as this machine may be busy.
            await().atMost(PATIENCE).until(() -> gateway.gateway.sessions() <= sessions / 2);
            long half = sinceMs(start);
            await().atMost(PATIENCE).until(() -> gateway.gateway.sessions() == 0);
            long all = sinceMs(start);
            assertThat(half).isBetween(periodMs * 3 / 10, all - periodMs / 5);
            assertThat(all).isGreaterThan(periodMs * 8 / 10);
            for (Peer peer : peers) {
                assertThat(peer.untilClosed().closeCode()).isEqualTo(1001);
                peer.close();
            }
            assertThat(gateway.gateway.state()).isEqualTo(GatewayState.DRAINED);
        }
    }

    @Test
    void neitherAllAtOnceNorFewForLong() throws IOException {
        try (var gateway = new TestGateway("drain: {period: 60s}");
                var alice = gateway.connect(ALICE);
                var bob = gateway.connect(BOB)) {
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 2);

            gateway.gateway.drain();

            assertThat(alice.untilClosed().closeCode()).isEqualTo(1001);
            assertThat(bob.untilClosed().closeReason()).isEqualTo("the relay is stopping");
        }
        try (var gateway = new TestGateway("drain: {period: 60s}")) {
            // Kept: the connection of a client that nobody refers to ends at any time.
            List<Peer> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(gateway.connect(ALICE, "s" + i));
            }
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 200);
            gateway.gateway.drain();
            await().atMost(PATIENCE).until(() -> gateway.gateway.sessions() < 200);
            assertThat(gateway.gateway.sessions()).isGreaterThan(100);
            // What the rest of this test would wait for.
            gateway.gateway.undrain();
            long left = gateway.gateway.sessions();
            assertThat(gateway.gateway.state()).isEqualTo(GatewayState.SERVING);
            gateway.connect(BOB).close();
            assertThat(left).isGreaterThan(100);
            for (Peer client : clients) {
                client.close();
            }
        }
    }

    @Test
    void inTheGraceItServesOnAndAfterItNobodyIsLetIn() throws IOException {
        try (var gateway = new TestGateway("drain: {grace: 1s, period: 0s}");
                var alice = gateway.connect(ALICE)) {
            gateway.gateway.drain();
            assertThat(gateway.gateway.state()).isEqualTo(GatewayState.LEAVING);
            try (var bob = gateway.connect(BOB)) {
                bob.send(BOB.request(ALICE, "r1"));
                Gateways.awaitAccepted(gateway, "r1");

                assertThat(alice.untilClosed().closeCode()).isEqualTo(1001);
                assertThat(bob.untilClosed().closeCode()).isEqualTo(1001);
            }
            Peer.Answer answer =
                    Peer.refused(gateway.address(), Peer.upgradeRequest("/?" + BOB.token(null)));
            assertThat(answer.status() + " " + answer.body()).isEqualTo("503 draining");

            gateway.gateway.undrain();
            gateway.connect(BOB).close();
        }
    }

    @Test
    void whatStopsDoesNotTakeClientsAgain() throws Exception {
        var gateway = new TestGateway("drain: {grace: 1s, period: 0s}");
        var stopped = CompletableFuture.runAsync(gateway.gateway::leave);
        await().atMost(PATIENCE).until(() -> gateway.gateway.state() == GatewayState.LEAVING);

        assertThat(gateway.gateway.undrain()).isFalse();

        assertThat(gateway.gateway.state()).isEqualTo(GatewayState.LEAVING);
        assertThat(stopped).succeedsWithin(PATIENCE);
        assertThat(gateway.gateway.undrain()).isFalse();
        gateway.close();
    }

    @Test
    void whoStopsItDrainsItFirstAndThePortIsClosedBeforeTheSessionsEnd() throws Exception {
        var gateway = new TestGateway("drain: {grace: 500ms, period: 1s}");
        var address = gateway.address();
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            peers.add(gateway.connect(ALICE, "s" + i));
        }
        Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 30);

        var stopped = CompletableFuture.runAsync(gateway.gateway::leave);
        await().atMost(PATIENCE).until(() -> gateway.gateway.state() == GatewayState.LEAVING);
        gateway.connect(BOB).close();
        await().atMost(PATIENCE).until(() -> !accepts(address));
        assertThat(gateway.gateway.sessions()).isPositive();
        // What is sent until the end is accepted.
        Peer last = peers.getLast();
        last.send(ALICE.request(BOB, "late").toBuilder().setSource(ALICE.address("s29")).build());
        stopped.get(20, TimeUnit.SECONDS);

        for (Peer peer : peers) {
            assertThat(peer.untilClosed().closeCode()).isEqualTo(1001);
            peer.close();
        }
        gateway.close();
    }

    private static boolean accepts(HostPort address) {
        try {
            Peer.silent(address).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long sinceMs(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
