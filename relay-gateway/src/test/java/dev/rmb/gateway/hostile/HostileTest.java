package dev.rmb.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.gateway.LeakWatch;
import dev.rmb.gateway.LoopbackGateway;
import dev.rmb.gateway.Peer;
import dev.rmb.gateway.TestTwin;
import dev.rmb.gateway.conformance.RelayUnderTest;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What all attacks have in common: a relay, a pair that must not notice, and the bill at the end.
 */
@Tag("hostile")
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileTest {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int FIN = 0x80;

    private static final String SETTINGS =
            """
            transports:
              - type: websocket
              - {type: http, linger: 300ms}
              - {type: tcp, listen: '127.0.0.1:0', handshakeTimeout: 1s}
            http: {handshakeTimeout: 1s, bodyTimeout: 1s, bodiesInAll: 17MiB}
            sessions: {queued: 17MiB, queuedInAll: 34MiB, unfinishedInAll: 17MiB}
            """;

    /** What the gateway holds for clients, by its own count. */
    private static final List<String> HELD =
            List.of(
                    "rmb_gateway_in_flight_bytes",
                    "rmb_gateway_queued_bytes",
                    "rmb_gateway_unfinished_bytes",
                    "rmb_gateway_unfinished_body_bytes",
                    "rmb_gateway_federated_held_bytes",
                    "rmb_gateway_sessions");

    private final LeakWatch leaks = new LeakWatch();
    RelayUnderTest relay;
    private GoodPair pair;

    /** Names of sessions end with it, so that runs against one relay do not meet. */
    private final String run = "-" + System.nanoTime();

    @BeforeAll
    void start() throws IOException {
        leaks.start();
        relay = RelayUnderTest.start(SETTINGS);
        pair = GoodPair.start(relay);
    }

    @AfterEach
    void thePairGoesOn() {
        pair.expectProgress();
    }

    @AfterAll
    void nothingIsLeft() throws IOException {
        try (leaks;
                var _ = relay) {
            pair.close();
            relay.own().ifPresent(HostileTest::expectNothingHeld);
            relay.close();
            leaks.expectNone();
        }
    }

    private static void expectNothingHeld(LoopbackGateway own) {
        for (String name : HELD) {
            await(name)
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(held(own, name)).as(name).isZero());
        }
        assertThat(own.counter("rmb_gateway_session_faults_total")).isZero();
    }

    /** What the gateway counts under that name; 0 if it is somebody else's. */
    final long held(String gauge) {
        return relay.own().map(own -> held(own, gauge)).orElse(0L);
    }

    private static long held(LoopbackGateway own, String name) {
        return name.endsWith("_bytes") ? own.gauge(name) : own.counter(name);
    }

    final String named(String name) {
        return name + run;
    }

    final Peer connect(TestTwin twin, String name) throws IOException {
        return Peer.connect(relay.http(), twin.token(named(name)));
    }

    final Envelope request(TestTwin from, String fromName, TestTwin to, String toName, String uid) {
        return from.request(to, uid).toBuilder()
                .setSource(address(from, fromName))
                .setDestination(address(to, toName))
                .build();
    }

    final Address address(TestTwin twin, @Nullable String name) {
        return twin.address(name == null ? null : named(name));
    }

    /** The client is answered on this connection: it is as good as any other. */
    static void expectAlive(Peer peer) throws IOException {
        byte[] payload = {'a', 'l', 'i', 'v', 'e'};
        peer.frame(FIN | Peer.PING, payload);
        Peer.Frame frame;
        do {
            frame = peer.next();
        } while (frame.opcode() != Peer.PONG || frame.payload().length != payload.length);
        assertThat(frame.payload()).isEqualTo(payload);
    }
}
