package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way into the log. See delivery.md, 15 and 16. */
@Timeout(60)
final class AcceptTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new TestGateway("loops: 2");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void envelopesReachTheLogByteForByte() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            byte[] plain = new byte[1 << 20];
            Envelope large =
                    ALICE.request(BOB, "large").toBuilder()
                            .setPlain(ByteString.copyFrom(plain))
                            .build();
            byte[] small = ALICE.request(BOB, "small").toByteArray();
            byte[] unknown = Arrays.copyOf(small, small.length + 4);
            // Field 1000, varint 1: nobody knows it, and nobody may drop it.
            unknown[small.length] = (byte) 0xC0;
            unknown[small.length + 1] = 0x3E;
            unknown[small.length + 2] = (byte) 0x81;
            unknown[small.length + 3] = 0x00;
            alice.send(large);
            alice.send(unknown);
            alice.frame(Peer.BINARY, Arrays.copyOf(small, 10));
            alice.frame(0x80, Arrays.copyOfRange(small, 10, small.length));

            await().atMost(PATIENCE).until(() -> gateway.log.accepted().size() == 3);
            List<byte[]> accepted = gateway.log.accepted();
            assertThat(accepted.get(0)).isEqualTo(large.toByteArray());
            assertThat(accepted.get(1)).isEqualTo(unknown);
            assertThat(accepted.get(2)).isEqualTo(small);
        }
    }

    @Test
    void anApplicationPingIsAnsweredByThePong() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            Envelope ping = ping("p1").setSignature(ByteString.copyFromUtf8("sig")).build();
            alice.send(ping);
            Envelope pong = alice.nextEnvelope();

            assertThat(pong.hasPong()).isTrue();
            assertThat(pong.getUid()).isEqualTo("p1");
            assertThat(pong.getPlain().toStringUtf8()).isEqualTo("hello world");
            assertThat(pong.getDestination()).isEqualTo(ALICE.address(null));
            assertThat(pong.getSignature().toStringUtf8()).isEqualTo("sig");
        }
    }

    @Test
    void anApplicationPingFromAWrongSourceIsIgnored() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            alice.send(ping("wrong").setSource(BOB.address(null)).build());
            alice.send(ping("right").build());

            assertThat(alice.nextEnvelope().getUid()).isEqualTo("right");
        }
    }

    @Test
    void rule15ThePongWaitsUntilEverythingBeforeItIsAccepted() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            gateway.log.stall();
            alice.send(ALICE.request(BOB, "before"));
            alice.send(ping("barrier").build());
            alice.send(ALICE.request(BOB, "after"));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 2);
            // The WebSocket's own ping is not held back, and shows that the pong is.
            alice.frame(0x80 | Peer.PING, new byte[0]);
            assertThat(alice.next().opcode()).isEqualTo(Peer.PONG);

            gateway.log.go();
            assertThat(alice.nextEnvelope().getUid()).isEqualTo("barrier");
            assertThat(Gateways.acceptedUids(gateway)).startsWith("before");
        }
    }

    @Test
    void rule15ARequestThatCannotBeSentIsAnsweredBeforeThePongBehindIt() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            gateway.log.refuse(true);
            alice.send(ALICE.request(BOB, "refused"));
            alice.send(ping("barrier").build());

            Envelope error = alice.nextEnvelope();
            assertThat(error.getUid()).isEqualTo("refused");
            assertThat(error.getError().getMessage()).isEqualTo("relay busy, try again");
            assertThat(alice.nextEnvelope().getUid()).isEqualTo("barrier");

            gateway.log.refuse(false);
            alice.send(ALICE.request(BOB, "again"));
            Gateways.awaitAccepted(gateway, "again");
        }
    }

    @Test
    void rule15ARequestThatIsNotConfirmedIsAnsweredSo() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            gateway.log.stall();
            alice.send(ALICE.request(BOB, "r1"));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);
            gateway.log.giveUp();

            Envelope error = alice.nextEnvelope();
            assertThat(error.getUid()).isEqualTo("r1");
            assertThat(error.getError().getMessage()).isEqualTo("not confirmed, may still arrive");
        }
    }

    @Test
    void rule15WhatNobodyCanBeToldAboutEndsTheSession() throws IOException {
        try (var alice = gateway.connect(ALICE)) {
            gateway.log.stall();
            alice.send(ALICE.response(BOB, "r1"));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);
            gateway.log.giveUp();

            assertThat(alice.untilClosed().closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void aStalledLogStopsTheReadingOfASocketAndNothingIsLostOrReordered() throws Exception {
        int messages = 400;
        byte[] plain = new byte[64 * 1024];
        try (var alice = gateway.connect(ALICE);
                var bob = gateway.connect(BOB)) {
            gateway.log.stall();
            var sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < messages; i++) {
                                    send(
                                            alice,
                                            ALICE.request(BOB, "m" + i).toBuilder()
                                                    .setPlain(ByteString.copyFrom(plain))
                                                    .build());
                                }
                            });
            Gateways.awaitCounter(gateway, "rmb_gateway_reads_paused_total", 1);
            long limit = TestGateway.settings("").sessions().inFlight().toBytes();
            assertThat(gateway.log.bytesUnderWay()).isBetween(limit / 2, limit + 2L * plain.length);
            // Others are not held up.
            int before = gateway.log.underWay();
            bob.send(BOB.request(ALICE, "other"));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() > before);

            gateway.log.go();
            sender.join();
            Gateways.awaitAccepted(gateway, "m" + (messages - 1));
            assertThat(
                            Gateways.acceptedUids(gateway).stream()
                                    .filter(uid -> uid.startsWith("m"))
                                    .toList())
                    .isEqualTo(IntStream.range(0, messages).mapToObj(i -> "m" + i).toList());
        }
    }

    @Test
    void manySmallEnvelopesReadAtOnceAreHeldInOrderWhileTheLogStalls() throws Exception {
        int messages = 20_000;
        try (var small = new TestGateway("accept: {inFlight: 64KiB}\nloops: 1");
                var alice = small.connect(ALICE)) {
            small.log.stall();
            var sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < messages; i++) {
                                    send(alice, ALICE.request(BOB, "m" + i));
                                }
                            });
            Gateways.awaitCounter(small, "rmb_gateway_reads_paused_total", 1);
            assertThat(small.log.underWay()).isLessThan(200);
            // Bit by bit: each time a little more is let in.
            for (int i = 0; i < 20; i++) {
                small.log.go();
                small.log.stall();
            }
            small.log.go();
            sender.join();
            Gateways.awaitAccepted(small, "m" + (messages - 1));
            assertThat(Gateways.acceptedUids(small))
                    .isEqualTo(IntStream.range(0, messages).mapToObj(i -> "m" + i).toList());
        }
    }

    @Test
    void howeverManyClientsSendTheBytesUnderWayStayWithinTheLimit() throws Exception {
        int clients = 40;
        byte[] plain = new byte[20_000];
        try (var small = new TestGateway("accept: {inFlight: 64KiB}\nloops: 1")) {
            small.log.stall();
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Peer peer = small.connect(ALICE, "c" + i);
                peers.add(peer);
                for (int n = 0; n < 3; n++) {
                    send(
                            peer,
                            ALICE.request(BOB, "c" + i + "n" + n).toBuilder()
                                    .setSource(ALICE.address("c" + i))
                                    .setPlain(ByteString.copyFrom(plain))
                                    .build());
                }
            }
            // The first four envelopes use up the limit; their senders may have no more to send.
            Gateways.awaitCounter(small, "rmb_gateway_reads_paused_total", clients - 4);
            assertThat(small.log.bytesUnderWay()).isLessThan(64 * 1024 + 2L * plain.length);

            small.log.go();
            await().atMost(PATIENCE).until(() -> small.log.accepted().size() == clients * 3);
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void theClockOfASilentClientStandsStillWhileItsSocketIsNotRead() throws Exception {
        String settings = "sessions: {inFlight: 1KiB, idle: 50ms, answerTimeout: 200ms}\nloops: 1";
        try (var impatient = new TestGateway(settings);
                var alice = impatient.connect(ALICE)) {
            impatient.log.stall();
            alice.send(ALICE.request(BOB, "m1"));
            alice.send(ALICE.request(BOB, "m2"));
            alice.send(ALICE.request(BOB, "m3"));
            Gateways.awaitCounter(impatient, "rmb_gateway_reads_paused_total", 1);
            // Pongs are sent and not read for several times the time-out.
            alice.serveFor(600);

            impatient.log.go();
            alice.send(ALICE.request(BOB, "m4"));
            Gateways.awaitAccepted(impatient, "m4");
        }
    }

    @Test
    void rule16TheInputOfTheNewerWaitsForTheSendsOfTheOlder() throws IOException {
        try (var older = gateway.connect(ALICE)) {
            gateway.log.stall();
            older.send(ALICE.request(BOB, "old"));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);
            try (var newer = gateway.connect(ALICE)) {
                newer.send(ALICE.request(BOB, "new"));
                assertThat(older.untilClosed().closeCode()).isEqualTo(1000);
                assertThat(gateway.log.underWay()).isEqualTo(1);
                gateway.log.go();
                Gateways.awaitAccepted(gateway, "new");
            }
        }
        assertThat(Gateways.acceptedUids(gateway)).containsExactly("old", "new");
    }

    @Test
    void rule16TheInputOfTheNewerWaitsOneSecondAtMost() throws IOException {
        try (var older = gateway.connect(ALICE)) {
            gateway.log.stall();
            older.send(ALICE.request(BOB, "old"));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);
            try (var newer = gateway.connect(ALICE)) {
                newer.send(ALICE.request(BOB, "new"));

                await().atMost(Duration.ofSeconds(3)).until(() -> gateway.log.underWay() == 2);
            }
        }
    }

    @Test
    void rule16WhatWasNotReadOfTheOlderIsDiscarded() throws IOException {
        try (var small = new TestGateway("sessions: {inFlight: 1KiB}");
                var older = small.connect(ALICE)) {
            small.log.stall();
            for (int i = 0; i < 8; i++) {
                older.send(
                        ALICE.request(BOB, "old" + i).toBuilder()
                                .setPlain(ByteString.copyFrom(new byte[1_000]))
                                .build());
            }
            Gateways.awaitCounter(small, "rmb_gateway_reads_paused_total", 1);
            int read = small.log.underWay();
            assertThat(read).isBetween(1, 3);
            try (var newer = small.connect(ALICE)) {
                newer.send(ALICE.request(BOB, "new"));
                assertThat(older.untilClosed().closeCode()).isEqualTo(1000);
                small.log.go();
                Gateways.awaitAccepted(small, "new");
            }
            assertThat(Gateways.acceptedUids(small))
                    .containsExactlyElementsOf(
                            Stream.concat(
                                            IntStream.range(0, read).mapToObj(i -> "old" + i),
                                            Stream.of("new"))
                                    .toList());
        }
    }

    private static Envelope.Builder ping(String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setSource(ALICE.address(null))
                .setDestination(Address.getDefaultInstance())
                .setPing(Ping.getDefaultInstance());
    }

    private static void send(Peer peer, Envelope envelope) {
        try {
            peer.send(envelope);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
