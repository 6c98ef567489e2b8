package dev.rmb.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.rmb.gateway.Peer;
import dev.rmb.proto.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Envelopes that are allowed and meant to cost, and clients that do not take what they asked for.
 */
final class EnvelopeAttacksTest extends HostileTest {
    private static final int MEBI = 1 << 20;
    private static final long MAX_UNREAD = 64L << 20;

    @Test
    void aUidOfMegabytesComesBackWithItsError() throws IOException {
        String uid = "u".repeat(12 * MEBI);
        try (var alice = connect(relay.alice, "uid")) {
            alice.send(request(relay.alice, "other", relay.bob, "uid", uid));

            Envelope error = alice.nextEnvelope();
            assertThat(error.getUid()).isEqualTo(uid);
            assertThat(error.getError().getMessage()).isEqualTo("message wrong source");
            expectAlive(alice);
        }
    }

    @Test
    void aUidOfMegabytesIsDeliveredAsItIs() throws IOException {
        try (var alice = connect(relay.alice, "long");
                var bob = connect(relay.bob, "long")) {
            Envelope sent = request(relay.alice, "long", relay.bob, "long", "u".repeat(8 * MEBI));
            alice.send(sent);

            assertThat(bob.nextEnvelope()).isEqualTo(sent);
        }
    }

    @Test
    void errorsAreWrittenOnlyAsFastAsTheClientReads() throws IOException {
        Envelope wrong = request(relay.alice, "other", relay.bob, "x", "u".repeat(1_000));
        floodWithoutReading("errors", wrong);
    }

    @Test
    void soAreAnswersToApplicationPings() throws IOException {
        Envelope ping =
                Envelope.newBuilder()
                        .setUid("p")
                        .setSource(address(relay.alice, "app pings"))
                        .setPing(dev.rmb.proto.Ping.getDefaultInstance())
                        .setPlain(ByteString.copyFrom(new byte[1_000]))
                        .build();
        floodWithoutReading("app pings", ping);
    }

    private void floodWithoutReading(String name, Envelope envelope) throws IOException {
        try (var crowd = new Crowd().join(relay.http(), 1);
                var forFrames = Peer.silent(relay.http())) {
            crowd.say(
                    WebSocketAttacksTest.ascii(
                            Peer.upgradeRequest("/?" + relay.alice.token(named(name)))));
            if (relay.own().isPresent()) {
                await().atMost(PATIENCE).until(() -> held("rmb_gateway_sessions") >= 3);
            }
            var frames = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                frames.write(forFrames.frameBytes(FIN | Peer.BINARY, envelope.toByteArray()));
            }

            long written = crowd.flood(frames.toByteArray(), MAX_UNREAD);

            assertThat(written).isLessThan(MAX_UNREAD);
            assertThat(held("rmb_gateway_queued_bytes")).isLessThan(3 * MEBI);
            assertThat(held("rmb_gateway_in_flight_bytes")).isLessThan(8 * MEBI);
        }
    }

    @Test
    void whoNeverReadsItsMailIsDisconnectedAtItsLimit() throws IOException {
        assumeTrue(relay.own().isPresent(), "a router does not send that much at once");
        try (var alice = connect(relay.alice, "mail");
                var deaf = connect(relay.bob, "deaf")) {
            Envelope large =
                    request(relay.alice, "mail", relay.bob, "deaf", "m").toBuilder()
                            .setPlain(ByteString.copyFrom(new byte[4 * MEBI]))
                            .build();
            for (int i = 0; i < 12; i++) {
                alice.send(large);
            }
            expectAlive(alice);

            await().atMost(PATIENCE)
                    .until(() ->
                            !relay.own()
                                    .orElseThrow()
                                    .isPresent(
                                            new dev.rmb.protocol.Address(
                                                    relay.bob.id, named("deaf"))));
            assertThat(deaf.next().opcode()).isEqualTo(Peer.BINARY);
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_queued_bytes") < MEBI);
    }

    @Test
    void mailOfManyThatNeverReadIsBoundedForAllTogether() throws IOException {
        assumeTrue(relay.own().isPresent(), "a router does not send that much at once");
        int readers = 6;
        Peer[] deaf = new Peer[readers];
        try (var alice = connect(relay.alice, "many mails")) {
            for (int i = 0; i < readers; i++) {
                deaf[i] = connect(relay.bob, "deaf" + i);
            }
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < readers; i++) {
                    alice.send(
                            request(relay.alice, "many mails", relay.bob, "deaf" + i, "m")
                                    .toBuilder()
                                    .setPlain(ByteString.copyFrom(new byte[2 * MEBI]))
                                    .build());
                }
            }
            expectAlive(alice);

            assertThat(held("rmb_gateway_queued_bytes")).isLessThanOrEqualTo(34 * MEBI);
        } finally {
            for (Peer peer : deaf) {
                if (peer != null) {
                    peer.reset();
                }
            }
        }
    }
}
