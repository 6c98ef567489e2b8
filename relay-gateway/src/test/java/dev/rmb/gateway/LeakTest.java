package dev.rmb.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever clients do in the middle of something, Netty's buffers are given back. */
@Timeout(120)
final class LeakTest {
    private static final int ROUNDS = 100;
    private static final TestTwin BOB = TestGateway.BOB;

    private final LeakWatch leaks = new LeakWatch();

    @BeforeEach
    void watch() {
        leaks.start();
    }

    @AfterEach
    void restore() {
        leaks.close();
    }

    @Test
    void noBufferIsLeftBehindByClientsThatVanishOrMisbehave() throws IOException {
        try (var gateway = new TestGateway("sessions: {inFlight: 1KiB}")) {
            gateway.claimAll();
            for (int round = 0; round < ROUNDS; round++) {
                misbehave(gateway, round);
            }
        }
        leaks.expectNone();
    }

    @Test
    void norByThoseOfTheOtherTransports() throws IOException {
        try (var gateway =
                new TestGateway(
                        """
                        transports: [{type: tcp, listen: '127.0.0.1:0'}, {type: http, linger: 50ms}]
                        http: {bodyTimeout: 100ms}
                        sessions: {inFlight: 1KiB}
                        """)) {
            gateway.claimAll();
            for (int round = 0; round < ROUNDS; round++) {
                misbehaveInFrames(gateway, round);
                misbehaveInRequests(gateway, round);
            }
        }
        leaks.expectNone();
    }

    private static void misbehaveInFrames(TestGateway gateway, int round) throws IOException {
        String name = "f" + round;
        try (var peer = new Frames(gateway.gateway.transportAddresses().getFirst())) {
            byte[] token = Frames.bytes(Frames.TOKEN, BOB.token(name).getBytes(UTF_8));
            if (round % 5 == 0) {
                peer.raw(Arrays.copyOf(token, 20));
                return;
            }
            peer.raw(token);
            byte[] frame = Frames.bytes(Frames.ENVELOPE, new byte[5_000]);
            peer.raw(Arrays.copyOf(frame, round % 5 == 1 ? 3 : 3_000));
            if (round % 5 < 3) {
                return;
            }
            SessionInfo session = gateway.router.awaitPresent(new Address(BOB.id, name));
            gateway.deliver(BOB, session, 1, round, new byte[100]);
            if (round % 5 == 3) {
                peer.raw(new byte[4_000]);
            }
        }
    }

    private static void misbehaveInRequests(TestGateway gateway, int round) throws IOException {
        String head = " /envelopes HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer ";
        String post =
                "POST"
                        + head
                        + BOB.token("h" + round)
                        + "\r\nContent-Type: application/octet-stream\r\n";
        String get = "GET" + head + BOB.token("h" + round) + "\r\n";
        String request =
                switch (round % 6) {
                    case 0 -> post + "Content-Length: 10000\r\n\r\n" + "x".repeat(9_000);
                    case 1 -> post + "Content-Length: 10\r\n\r\n" + "x".repeat(9_000);
                    case 2 -> post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n";
                    case 3 -> post + "Content-Length: 99999999\r\n\r\n" + "x".repeat(9_000);
                    case 4 -> get + "\r\n";
                    default -> get + "Accept: text/event-stream\r\n\r\n";
                };
        try (var peer = Peer.silent(gateway.address())) {
            peer.raw(request.getBytes(UTF_8));
            if (round % 6 > 3) {
                SessionInfo session = gateway.router.awaitPresent(new Address(BOB.id, "h" + round));
                gateway.deliver(BOB, session, 1, round, new byte[100]);
            }
            if (round % 2 == 0) {
                peer.reset();
            }
        }
    }

    private static void misbehave(TestGateway gateway, int round) throws IOException {
        String name = "n" + round;
        try (var peer = gateway.connect(BOB, name)) {
            SessionInfo session = gateway.router.awaitPresent(new Address(BOB.id, name));
            gateway.deliver(BOB, session, 1, round, new byte[100]);
            byte[] frame = peer.frameBytes(0x82, new byte[5_000]);
            switch (round % 5) {
                case 0 -> peer.raw(Arrays.copyOf(frame, 3));
                case 1 -> peer.raw(Arrays.copyOf(frame, 3_000));
                case 2 -> peer.frame(0x81, new byte[3]);
                case 3 -> peer.frame(0x89, new byte[20]);
                default -> {
                    gateway.log.stall();
                    for (int i = 0; i < 50; i++) {
                        peer.send(
                                BOB.request(TestGateway.ALICE, "m").toBuilder()
                                        .setSource(BOB.address(name))
                                        .build());
                    }
                }
            }
            if (round % 2 == 0) {
                peer.reset();
            }
        }
        gateway.log.go();
    }
}
