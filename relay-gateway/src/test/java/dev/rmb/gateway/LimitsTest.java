package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.cluster.limits.LimitChange;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.TwinUsage;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import dev.rmb.protocol.Address;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a limit: the documented answer, a metric, nothing else affected. */
@Timeout(60)
final class LimitsTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final int PINGS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Limits are those of a minute of the clock: at its end everybody may send again. */
    private static final int MINUTE = 60;

    private static final int MOST_OF_A_MINUTE = 45;

    @BeforeEach
    void awaitTheBeginningOfAMinuteNearItsEnd() {
        await().atMost(Duration.ofSeconds(MINUTE))
                .until(() -> Instant.now().getEpochSecond() % MINUTE < MOST_OF_A_MINUTE);
    }

    @Test
    void whatATwinSendsBeyondItsRateIsDroppedAndTheConnectionStays() throws IOException {
        try (var gateway = new TestGateway("rateLimit: {messages: 2}");
                var alice = gateway.connect(ALICE);
                var other = gateway.connect(ALICE, "other");
                var bob = gateway.connect(BOB)) {
            alice.send(ALICE.request(BOB, "r1"));
            other.send(from(ALICE, "other", "r2"));
            Gateways.awaitAccepted(gateway, "r1");
            Gateways.awaitAccepted(gateway, "r2");
            alice.send(ALICE.response(BOB, "not a request"));
            alice.send(ALICE.request(BOB, "r3"));

            Envelope error = alice.nextEnvelope();
            assertThat(error.getUid()).isEqualTo("r3");
            assertThat(error.getError().getMessage())
                    .isEqualTo("exceeded rate limits, dropping message");
            bob.send(BOB.request(ALICE, "bob's"));
            Gateways.awaitAccepted(gateway, "bob's");
            assertThat(Gateways.acceptedUids(gateway))
                    .containsExactlyInAnyOrder("r1", "r2", "bob's");
            assertThat(gateway.counter("rmb_gateway_envelopes_rate_limited_total")).isEqualTo(2);
            alice.frame(0x80 | Peer.PING, new byte[] {1});
            assertThat(alice.next().opcode()).isEqualTo(Peer.PONG);
        }
    }

    @Test
    void whatATwinSendsThroughOtherGatewaysCountsToo() throws IOException {
        try (var gateway = new TestGateway("rateLimit: {messages: 100}");
                var alice = gateway.connect(ALICE)) {
            gateway.claimAll();
            // Before that nobody is told, and what was sent once is not told later.
            gateway.router.awaitPresent(new Address(ALICE.id, null));
            alice.send(ALICE.request(BOB, "r1"));
            var report =
                    gateway.router.await(
                            GatewayMessage.Used.class,
                            used -> used.twins().equals(List.of(usage(1, alice1().length))));
            assertThat(report.partition()).isEqualTo(TestGateway.partition(ALICE));

            // Within one minute: which may end here, and then both are told anew.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        alice.send(ALICE.request(BOB, "again"));
                        var last = gateway.router.heard(GatewayMessage.Used.class).getLast();
                        gateway.router.send(
                                new RouterMessage.UsedElsewhere(
                                        last.partition(),
                                        last.epoch(),
                                        last.minute(),
                                        List.of(new TwinUsage(ALICE.id, 99, 9_999))));
                        assertThat(gateway.counter("rmb_gateway_envelopes_rate_limited_total"))
                                .isPositive();
                    });
            Envelope error = alice.nextEnvelope();
            assertThat(error.getError().getMessage())
                    .isEqualTo("exceeded rate limits, dropping message");
        }
    }

    private static byte[] alice1() {
        return ALICE.request(BOB, "r1").toByteArray();
    }

    private static TwinUsage usage(long messages, long bytes) {
        return new TwinUsage(ALICE.id, messages, bytes);
    }

    @Test
    void aTwinHasSoManySessionsAndItsOwnMayBeReplaced() throws IOException {
        try (var gateway = new TestGateway("sessions: {maxPerTwin: 2}");
                var one = gateway.connect(ALICE, "1");
                var _ = gateway.connect(ALICE, "2");
                var _ = gateway.connect(BOB)) {
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 3);
            assertThat(refusal(gateway, ALICE.token("3"))).isEqualTo("429 too many connections");
            assertThat(gateway.counter("rmb_gateway_connections_refused_total")).isEqualTo(1);

            try (var again = gateway.connect(ALICE, "1")) {
                assertThat(one.untilClosed().closeCode()).isEqualTo(1000);
                again.send(from(ALICE, "1", "again"));
                Gateways.awaitAccepted(gateway, "again");
            }
            await().atMost(PATIENCE).until(() -> gateway.counter("rmb_gateway_sessions") == 2);
            try (var _ = gateway.connect(ALICE, "3")) {
                assertThat(gateway.counter("rmb_gateway_connections_refused_total")).isEqualTo(1);
            }
        }
    }

    @Test
    void whatIsChangedWhileItRunsHoldsFromThenOnAndWhoIsThereStays() throws IOException {
        try (var gateway = new TestGateway("sessions: {maxPerTwin: 0}");
                var alice = gateway.connect(ALICE, "1");
                var two = gateway.connect(ALICE, "2");
                var _ = gateway.connect(ALICE, "3")) {
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 3);
            change(gateway, "gateway.sessions.maxPerTwin", 2);
            assertThat(refusal(gateway, ALICE.token("4"))).isEqualTo("429 too many connections");
            change(gateway, "gateway.sessions.max", 3);
            assertThat(refusal(gateway, BOB.token(null))).isEqualTo("429 too many connections");
            gateway.limits.remove("gateway.sessions.max");
            gateway.connect(BOB).close();

            change(gateway, "gateway.connections.max", 1);
            assertThat(refusal(gateway, BOB.token(null))).isEqualTo("429 too many connections");
            gateway.limits.remove("gateway.connections.max");

            two.send(from(ALICE, "2", "before"));
            Gateways.awaitAccepted(gateway, "before");
            change(gateway, "gateway.rateLimit.size", 1);
            two.send(from(ALICE, "2", "much"));
            assertThat(two.nextEnvelope().getError().getMessage())
                    .isEqualTo("exceeded rate limits, dropping message");
            gateway.limits.remove("gateway.rateLimit.size");
            alice.send(from(ALICE, "1", "after"));
            Gateways.awaitAccepted(gateway, "after");
        }
    }

    @Test
    void whatWasChangedBeforeItsStartHoldsFromTheFirstClientOn() throws IOException {
        Limits limits = new Limits();
        limits.put(new LimitChange("gateway.sessions.max", 1, null, Instant.EPOCH));
        try (var gateway = new TestGateway("", limits);
                var _ = gateway.connect(ALICE)) {
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 1);
            assertThat(refusal(gateway, BOB.token(null))).isEqualTo("429 too many connections");
        }
    }

    private static void change(TestGateway gateway, String name, long value) {
        gateway.limits.put(new LimitChange(name, value, null, Instant.EPOCH));
    }

    @Test
    void aRemoteHasSoManyConnections() throws IOException {
        try (var gateway = new TestGateway("connections: {perRemote: 2}")) {
            try (var alice = gateway.connect(ALICE);
                    var _ = Peer.silent(gateway.address())) {
                Gateways.awaitCounter(gateway, "rmb_gateway_connections_accepted_total", 2);
                assertThat(refusal(gateway, BOB.token(null))).isEqualTo("429 too many connections");
                assertThat(gateway.counter("rmb_gateway_connections_turned_away_total"))
                        .isEqualTo(1);
                alice.send(ALICE.request(BOB, "r1"));
                Gateways.awaitAccepted(gateway, "r1");
            }
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> {
                        try (var bob = gateway.connect(BOB)) {
                            bob.send(BOB.request(ALICE, "r2"));
                        }
                    });
            Gateways.awaitAccepted(gateway, "r2");
        }
    }

    @Test
    void aRemoteBeginsSoManyConnectionsInASecond() throws IOException {
        try (var gateway = new TestGateway("connections: {ratePerRemote: 3}")) {
            int turnedAway = 0;
            for (int i = 0; i < 40 && turnedAway == 0; i++) {
                String answer = refusal(gateway, "garbage");
                if (answer.startsWith("429")) {
                    turnedAway++;
                }
            }
            assertThat(turnedAway).isPositive();

            // Slowly, as each attempt counts.
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(600))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> gateway.connect(ALICE).close());
        }
    }

    @Test
    void aRemoteBeyondItsLimitIsToldSoOnPlainStreams() throws IOException {
        try (var gateway =
                        new TestGateway(
                                "transports: [{type: tcp, listen: '127.0.0.1:0'}]\n"
                                        + "connections: {perRemote: 1}");
                var _ = new Frames(gateway.gateway.transportAddresses().getFirst())) {
            Gateways.awaitCounter(gateway, "rmb_gateway_connections_accepted_total", 1);
            try (var second = new Frames(gateway.gateway.transportAddresses().getFirst())) {
                assertThat(second.untilClosed()).isEqualTo("too many connections");
            }
        }
    }

    @Test
    void aTokenMayBeValidForSoLong() throws IOException {
        try (var gateway = new TestGateway("auth: {maxLifetime: 30s}")) {
            assertThat(refusal(gateway, ALICE.token(null))).startsWith("401 ");
        }
        try (var gateway = new TestGateway("auth: {maxLifetime: 60s}");
                var alice = gateway.connect(ALICE)) {
            alice.send(ALICE.request(BOB, "r1"));
            Gateways.awaitAccepted(gateway, "r1");
        }
    }

    @Test
    void answersThatWaitForTheLogCountLikeWhatIsUnderWay() throws IOException {
        try (var gateway = new TestGateway("accept: {inFlight: 64KiB}");
                var alice = gateway.connect(ALICE)) {
            gateway.log.stall();
            alice.send(ALICE.request(BOB, "first"));
            for (int i = 0; i < PINGS; i++) {
                alice.send(
                        ALICE.to(BOB)
                                .setUid("ping " + i)
                                .setPing(Ping.getDefaultInstance())
                                .setPlain(ByteString.copyFrom(new byte[8 * 1024]))
                                .build());
            }
            await().atMost(PATIENCE).until(() -> inFlight(gateway) >= 64 * 1024);
            assertThat(inFlight(gateway)).isLessThan((64 + 10) * 1024);

            gateway.log.go();
            for (int i = 0; i < PINGS; i++) {
                assertThat(alice.nextEnvelope().getUid()).isEqualTo("ping " + i);
            }
            await().atMost(PATIENCE).until(() -> inFlight(gateway) == 0);
        }
    }

    private static long inFlight(TestGateway gateway) {
        return LoopbackGateway.gauge(gateway.metrics, "rmb_gateway_in_flight_bytes");
    }

    private static String refusal(TestGateway gateway, String token) throws IOException {
        Peer.Answer answer = Peer.refused(gateway.address(), Peer.upgradeRequest("/?" + token));
        return answer.status() + " " + answer.body();
    }

    private static Envelope from(TestTwin twin, String connection, String uid) {
        return twin.request(BOB, uid).toBuilder().setSource(twin.address(connection)).build();
    }
}
