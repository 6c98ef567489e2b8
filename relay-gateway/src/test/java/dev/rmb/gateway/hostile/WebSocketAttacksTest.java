package dev.rmb.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rmb.gateway.Peer;
import dev.rmb.proto.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that no well-made client sends, and too many of those that it does. */
final class WebSocketAttacksTest extends HostileTest {
    private static final int CONTINUATION = 0;
    private static final int MANY = 50_000;
    private static final int HALVES = 300;
    private static final long MAX_UNREAD = 64L << 20;

    /** All frames here are masked with zeros, so that they stand as they are. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "first reserved bit (compressed; not negotiated), c2 81 00000000 01, 1002",
        "second reserved bit,                             a2 81 00000000 01, 1002",
        "third reserved bit,                              92 81 00000000 01, 1002",
        "all reserved bits on a ping,                     f9 80 00000000, 1002",
        "reserved opcode 3,                               83 80 00000000, 1002",
        "reserved opcode 7,                               87 80 00000000, 1002",
        "reserved opcode 11,                              8b 80 00000000, 1002",
        "reserved opcode 15,                              8f 80 00000000, 1002",
        "not masked,                                      82 01 00, 1002",
        "a ping that is not masked,                       89 00, 1002",
        "continuation of nothing,                         00 81 00000000 01, 1002",
        "last continuation of nothing,                    80 81 00000000 01, 1002",
        "a message within a message,     02 81 00000000 01 82 81 00000000 01, 1002",
        "a text within a message,        02 81 00000000 01 81 81 00000000 61, 1008",
        "a ping of 126 bytes,                             89 fe 007e 00000000, 1002",
        "a ping of 64-bit length,                         89 ff 0000000000000001 00000000, 1002",
        "a ping in fragments,                             09 80 00000000, 1002",
        "a pong in fragments,                             0a 80 00000000, 1002",
        "a close in fragments,                            08 82 00000000 03e8, 1002",
        "a length of 63 bits,                             82 ff 7fffffffffffffff 00000000, 1009",
        "a length of 64 bits,                             82 ff ffffffffffffffff 00000000, 1002",
        "a byte too many,                                 82 ff 0000000001000001 00000000, 1009",
        "16 bits for a short length,                      82 fe 0001 00000000 01, 1002",
        "64 bits for a short length,                      82 ff 0000000000000001 00000000 01, 1002",
        "64 bits for a length of 16,                      82 ff 000000000000ffff 00000000, 1002",
        "text,                                            81 81 00000000 61, 1008",
        "bytes that are no envelope,                      82 81 00000000 ff, 1008",
        "half an envelope,                                82 82 00000000 0a7f, 1008",
        "a varint without end,  82 8b 00000000 18fefefefefefefefefefe, 1008",
        "a close of one byte,                             88 81 00000000 03, 1002",
        "close code 0,                                    88 82 00000000 0000, 1002",
        "close code 999,                                  88 82 00000000 03e7, 1002",
        "close code 1004,                                 88 82 00000000 03ec, 1002",
        "close code 1005,                                 88 82 00000000 03ed, 1002",
        "close code 1006,                                 88 82 00000000 03ee, 1002",
        "close code 1015,                                 88 82 00000000 03f7, 1002",
        "close code 2999,                                 88 82 00000000 0bb7, 1002",
        "close code 5000,                                 88 82 00000000 1388, 1002",
        "close code 65535,                                88 82 00000000 ffff, 1002",
        "a reason that is not UTF-8,                      88 84 00000000 03e8 c328, 1007",
        "half a character in the reason,                  88 84 00000000 03e8 e282, 1007",
    })
    void framesThatBreakTheRulesAreAnsweredByTheirCloseCode(String what, String hex, int code)
            throws IOException {
        try (var peer = connect(relay.alice, "bad")) {
            peer.raw(HexFormat.of().parseHex(hex.replace(" ", "")));

            assertThat(peer.untilClosed().closeCode()).as(what).isEqualTo(code);
        }
    }

    @Test
    void compressionIsNotNegotiated() throws IOException {
        String request =
                Peer.upgradeRequest("/?" + relay.alice.token(named("deflate")))
                        .replace(
                                "Sec-WebSocket-Version",
                                "Sec-WebSocket-Extensions: permessage-deflate;"
                                        + " client_max_window_bits\r\nSec-WebSocket-Version");
        try (var peer = Peer.silent(relay.http())) {
            peer.raw(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            Peer.Answer answer = peer.answer();

            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers())
                    .noneMatch(h -> h.toLowerCase(Locale.ROOT).contains("extensions"));
            // What a megabyte of zeros looks like once compressed: it is not even looked at.
            peer.frame(0xC2, new byte[1_000]);
            assertThat(peer.untilClosed().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void pingsAreAnsweredOnlyAsFastAsTheClientReads() throws IOException {
        try (var crowd = new Crowd().join(relay.http(), 1)) {
            crowd.say(ascii(Peer.upgradeRequest("/?" + relay.alice.token(named("pings")))));
            awaitSessions(3);
            byte[] pings = masked(Peer.PING, 100, 1_000);

            long written = crowd.flood(pings, MAX_UNREAD);

            assertThat(written).isLessThan(MAX_UNREAD);
            assertThat(held("rmb_gateway_queued_bytes")).isLessThan(2 << 20);
        }
    }

    @Test
    void pongsThatNobodyAskedForSayNothing() throws IOException {
        try (var peer = connect(relay.alice, "pongs")) {
            for (int i = 0; i < MANY / 1_000; i++) {
                peer.raw(masked(Peer.PONG, 16, 1_000));
            }
            expectAlive(peer);
        }
    }

    @Test
    void emptyFramesSayNothing() throws IOException {
        try (var peer = connect(relay.alice, "empty")) {
            for (int i = 0; i < MANY / 1_000; i++) {
                peer.raw(masked(Peer.BINARY, 0, 1_000));
            }
            expectAlive(peer);
        }
    }

    @Test
    void aMessageInTinyFragmentsIsOneMessage() throws IOException {
        try (var alice = connect(relay.alice, "tiny");
                var bob = connect(relay.bob, "tiny")) {
            Envelope envelope = request(relay.alice, "tiny", relay.bob, "tiny", "u".repeat(5_000));
            var frames = new ByteArrayOutputStream();
            frames.write(alice.frameBytes(Peer.BINARY, new byte[0]));
            for (byte each : envelope.toByteArray()) {
                frames.write(alice.frameBytes(CONTINUATION, new byte[] {each}));
                frames.write(alice.frameBytes(CONTINUATION, new byte[0]));
            }
            frames.write(alice.frameBytes(FIN | CONTINUATION, new byte[0]));
            alice.raw(frames.toByteArray());

            assertThat(bob.nextEnvelope()).isEqualTo(envelope);
        }
    }

    @Test
    void aLargeMessageThatGrowsByteByByteCostsItsBytesAndNotTheirSquare() throws IOException {
        try (var peer = connect(relay.alice, "grows")) {
            peer.frame(Peer.BINARY, new byte[8 << 20]);
            for (int i = 0; i < 20; i++) {
                peer.raw(continuations(1_000));
            }
            expectAlive(peer);
        }
    }

    @Test
    void aMessageWithoutEndEndsAtTheLimit() throws IOException {
        try (var peer = connect(relay.alice, "endless")) {
            byte[] part = new byte[1 << 20];
            peer.frame(Peer.BINARY, part);
            for (int i = 0; i < 15; i++) {
                peer.frame(CONTINUATION, part);
            }
            peer.frame(CONTINUATION, new byte[1]);

            assertThat(peer.untilClosed().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void messagesWithoutEndAreBoundedForAllClientsTogether() throws IOException {
        assumeTrue(relay.own().isPresent(), "needs to know the limit");
        List<Peer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Peer peer = connect(relay.alice, "unfinished" + i);
                peers.add(peer);
                peer.frame(Peer.BINARY, new byte[4 << 20]);
            }
            await().atMost(PATIENCE)
                    .until(() ->
                            relay.own().orElseThrow().counter("rmb_gateway_sessions_shed_total")
                                    >= 4);
            assertThat(held("rmb_gateway_unfinished_bytes")).isLessThanOrEqualTo(17 << 20);
        } finally {
            for (Peer peer : peers) {
                peer.reset();
            }
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_unfinished_bytes") == 0);
    }

    @Test
    void halvesOfFramesAreForgottenWithTheirConnections() throws IOException {
        byte[] frame = masked(Peer.BINARY, 20_000, 1);
        for (int i = 0; i < HALVES; i++) {
            try (var peer = connect(relay.alice, "half" + i % 10)) {
                peer.raw(Arrays.copyOf(frame, 1 + i * 53 % frame.length));
                if (i % 2 == 0) {
                    peer.reset();
                }
            }
        }
    }

    /** Waits for so many sessions, if they can be counted. */
    private void awaitSessions(int count) {
        if (relay.own().isPresent()) {
            await().atMost(PATIENCE).until(() -> held("rmb_gateway_sessions") >= count);
        }
    }

    private static byte[] continuations(int count) {
        byte[] frames = new byte[7 * count];
        for (int i = 0; i < count; i++) {
            frames[7 * i + 1] = (byte) (0x80 | 1);
        }
        return frames;
    }

    /** Several frames that are masked with zeros. */
    static byte[] masked(int opcode, int length, int count) {
        var frames = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            frames.write(FIN | opcode);
            if (length <= 125) {
                frames.write(0x80 | length);
            } else {
                frames.write(0x80 | 126);
                frames.write(length >> 8);
                frames.write(length);
            }
            frames.writeBytes(new byte[4 + length]);
        }
        return frames.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
