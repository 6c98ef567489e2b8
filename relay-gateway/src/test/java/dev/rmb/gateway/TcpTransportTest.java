package dev.rmb.gateway;

import static dev.rmb.gateway.TestGateway.address;
import static dev.rmb.gateway.TestGateway.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.GatewayMessage.Acknowledged;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.gateway.Frames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/transports.md says of length-prefixed frames, beyond what holds on all transports. */
@Timeout(60)
final class TcpTransportTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String TCP = "transports: [{type: tcp, listen: '127.0.0.1:0'}]\n";

    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new TestGateway(TCP);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void theTokenIsAnsweredByAnEmptyOne() throws IOException {
        try (var bob = silent()) {
            bob.send(Frames.TOKEN, BOB.token(null).getBytes(StandardCharsets.US_ASCII));

            assertThat(bob.read()).matches(f -> f.type() == Frames.TOKEN && f.body().length == 0);
        }
    }

    @Test
    void whatIsSentRightBehindTheTokenIsNotLost() throws IOException {
        try (var alice = silent()) {
            var both = new ByteArrayOutputStream();
            both.write(
                    Frames.bytes(
                            Frames.TOKEN, ALICE.token(null).getBytes(StandardCharsets.US_ASCII)));
            both.write(Frames.bytes(Frames.ENVELOPE, ALICE.request(BOB, "early").toByteArray()));
            alice.raw(both.toByteArray());

            Gateways.awaitAccepted(gateway, "early");
        }
    }

    @Test
    void framesMayComeByteByByte() throws IOException {
        try (var alice = connect(ALICE)) {
            for (byte each :
                    Frames.bytes(Frames.ENVELOPE, ALICE.request(BOB, "slow").toByteArray())) {
                alice.raw(new byte[] {each});
            }

            Gateways.awaitAccepted(gateway, "slow");
        }
    }

    @Test
    void deliveriesAreAcknowledgedUpToTheCountThatTheClientNames() throws IOException {
        gateway.claimAll();
        try (var bob = connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            for (int n = 1; n <= 5; n++) {
                gateway.deliver(BOB, session, n, 100 + n, envelope(n));
            }
            for (int n = 1; n <= 5; n++) {
                assertThat(bob.read().body()).isEqualTo(envelope(n));
            }
            bob.acknowledge(3);
            assertThat(awaitAcknowledged(session, 3).partition()).isEqualTo(partition(BOB));
            assertThat(acknowledged()).containsOnly(3L);

            bob.acknowledge(5);
            awaitAcknowledged(session, 5);
        }
    }

    @Test
    void answersOfTheRelayCountToo() throws IOException {
        gateway.claimAll();
        try (var bob = connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            bob.send(
                    Frames.ENVELOPE,
                    BOB.request(ALICE, "r").toBuilder()
                            .setSource(ALICE.address(null))
                            .build()
                            .toByteArray());
            assertThat(bob.read().type()).isEqualTo(Frames.ENVELOPE);
            gateway.deliver(BOB, session, 1, 1, envelope(1));
            assertThat(bob.read().body()).isEqualTo(envelope(1));

            // The first envelope was the error: this acknowledges no delivery.
            bob.acknowledge(1);
            bob.send(Frames.PING, new byte[] {1});
            assertThat(bob.read().type()).isEqualTo(Frames.PONG);
            assertThat(acknowledged()).isEmpty();

            bob.acknowledge(2);
            awaitAcknowledged(session, 1);
        }
    }

    @Test
    void rule13WhatIsRepeatedByANewOwnerIsConfirmedAsWell() throws IOException {
        gateway.claimAll();
        try (var bob = connect(BOB)) {
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.deliver(BOB, session, 1, 10, envelope(1));
            assertThat(bob.read().body()).isEqualTo(envelope(1));
            bob.acknowledge(1);
            awaitAcknowledged(session, 1);

            gateway.router.forget();
            gateway.claimAll();
            gateway.router.await(
                    GatewayMessage.Snapshot.class, s -> s.partition() == partition(BOB));
            gateway.deliver(BOB, session, 1, 10, envelope(1));
            Frame ping = bob.read();
            assertThat(ping.type()).isEqualTo(Frames.PING);
            bob.send(Frames.PONG, ping.body());
            assertThat(awaitAcknowledged(session, 1).epoch()).isEqualTo(2);
        }
    }

    @Test
    void moreThanWasSentCannotBeAcknowledged() throws IOException {
        try (var bob = connect(BOB)) {
            bob.acknowledge(1);

            assertThat(bob.untilClosed()).isEqualTo("acknowledgement of what was not sent");
        }
    }

    @Test
    void aSecondTokenEndsIt() throws IOException {
        assertThat(endAfter(Frames.TOKEN, new byte[3])).isEqualTo("one token is enough");
    }

    @Test
    void anUnknownTypeEndsIt() throws IOException {
        assertThat(endAfter(9, new byte[0])).isEqualTo("unknown type of frame: 9");
    }

    @Test
    void anAcknowledgementHasEightBytes() throws IOException {
        assertThat(endAfter(Frames.ACKNOWLEDGEMENT, new byte[4])).isEqualTo("bad acknowledgement");
    }

    @Test
    void aPingIsShort() throws IOException {
        assertThat(endAfter(Frames.PING, new byte[126])).isEqualTo("bad ping");
    }

    @Test
    void aTokenThatIsTooLongIsRefusedAtItsLength() throws IOException {
        try (var peer = silent()) {
            peer.raw(new byte[] {0, 1, 0, 0, Frames.TOKEN});

            assertThat(peer.untilClosed()).isEqualTo("token too long");
        }
    }

    @Test
    void whoDoesNotFinishItsTokenIsDisconnected() throws IOException {
        try (var impatient = new TestGateway(TCP.replace("}]", ", handshakeTimeout: 300ms}]"));
                var peer = silent(impatient)) {
            peer.raw(new byte[] {0, 0, 0, 100, Frames.TOKEN, 'a'});

            assertThat(peer.ends()).isTrue();
        }
    }

    @Test
    void aClientThatAcknowledgesNothingIsDisconnected() throws IOException {
        try (var impatient = new TestGateway(TCP + "sessions: {idle: 5s, answerTimeout: 300ms}")) {
            impatient.claimAll();
            try (var bob = connect(impatient, BOB)) {
                SessionInfo session = impatient.router.awaitPresent(address(BOB));
                impatient.deliver(BOB, session, 1, 1, envelope(1));

                assertThat(bob.untilClosed()).isEqualTo("no answer to pings");
                impatient.router.await(
                        GatewayMessage.Closed.class, c -> c.sessionId() == session.id());
            }
        }
    }

    @Test
    void aSilentClientIsPingedAndStaysIfItAnswers() throws IOException {
        try (var impatient = new TestGateway(TCP + "sessions: {idle: 100ms, answerTimeout: 2s}");
                var bob = connect(impatient, BOB)) {
            for (int i = 0; i < 5; i++) {
                Frame ping = bob.read();
                assertThat(ping.type()).isEqualTo(Frames.PING);
                bob.send(Frames.PONG, ping.body());
            }
            assertThat(bob.read().type()).isEqualTo(Frames.PING);

            assertThat(bob.untilClosed()).isEqualTo("no answer to pings");
        }
    }

    @Test
    void whenTheGatewayStopsTheClientIsTold() throws IOException {
        try (var bob = connect(BOB)) {
            gateway.gateway.close();

            assertThat(bob.untilClosed()).isEqualTo("the relay is stopping");
        }
    }

    private String endAfter(int type, byte[] body) throws IOException {
        try (var peer = connect(ALICE)) {
            peer.send(type, body);
            return peer.untilClosed();
        }
    }

    private java.util.List<Long> acknowledged() {
        return gateway.router.heard(Acknowledged.class).stream().map(Acknowledged::number).toList();
    }

    private Acknowledged awaitAcknowledged(SessionInfo session, long number) {
        await().atMost(PATIENCE).until(() -> acknowledged().contains(number));
        return gateway.router.await(
                Acknowledged.class, a -> a.sessionId() == session.id() && a.number() == number);
    }

    private Frames connect(TestTwin twin) throws IOException {
        return connect(gateway, twin);
    }

    private static Frames connect(TestGateway to, TestTwin twin) throws IOException {
        var peer = new Frames(to.gateway.transportAddresses().getFirst());
        peer.send(Frames.TOKEN, twin.token(null).getBytes(StandardCharsets.US_ASCII));
        assertThat(peer.read().type()).isEqualTo(Frames.TOKEN);
        return peer;
    }

    private Frames silent() throws IOException {
        return silent(gateway);
    }

    private static Frames silent(TestGateway to) throws IOException {
        return new Frames(to.gateway.transportAddresses().getFirst());
    }

    private static byte[] envelope(int n) {
        return ALICE.request(BOB, "request " + n).toByteArray();
    }
}
