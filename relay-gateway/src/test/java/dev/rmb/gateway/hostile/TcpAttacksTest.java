package dev.rmb.gateway.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rmb.gateway.Frames;
import dev.rmb.gateway.TestTwin;
import dev.rmb.proto.Envelope;
import dev.rmb.server.config.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same, in length-prefixed frames. */
final class TcpAttacksTest extends HostileTest {
    private static final int HALVES = 300;
    private static final long MAX_UNREAD = 64L << 20;

    @BeforeEach
    void served() {
        assumeTrue(relay.tcp().isPresent());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "ffffffff 02, message too big",
        "01000001 02, message too big",
        "ffffffff 03, bad acknowledgement",
        "00000000 03, bad acknowledgement",
        "00000007 03 00000000000000, bad acknowledgement",
        "00000009 03 000000000000000000, bad acknowledgement",
        "00000008 03 0000000000000001, acknowledgement of what was not sent",
        "00000008 03 7fffffffffffffff, acknowledgement of what was not sent",
        "00000008 03 ffffffffffffffff, acknowledgement of what was not sent",
        "ffffffff 05, bad ping",
        "0000007e 05, bad ping",
        "ffffffff 06, bad ping",
        "00000000 01, one token is enough",
        "ffffffff 01, one token is enough",
        "00000000 00, unknown type of frame: 0",
        "00000000 07, unknown type of frame: 7",
        "ffffffff 80, unknown type of frame: 128",
        "ffffffff ff, unknown type of frame: 255",
        "00000001 02 ff, not an envelope",
    })
    void framesThatBreakTheRulesAreAnsweredByTheirError(String hex, String error)
            throws IOException {
        try (var alice = letIn(relay.alice, "bad")) {
            alice.raw(HexFormat.of().parseHex(hex.replace(" ", "")));

            assertThat(alice.untilClosed()).isEqualTo(error);
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "ffffffff 01, token too long",
        "00004001 01, token too long",
        "00000000 02, missing jwt",
        "ffffffff 02, missing jwt",
        "00000008 03 0000000000000001, missing jwt",
        "00000000 ff, missing jwt",
        "47455420 2f 20485454502f312e310d0a0d0a, missing jwt",
    })
    void whatIsNoTokenLetsNobodyIn(String hex, String error) throws IOException {
        try (var frames = new Frames(port())) {
            frames.raw(HexFormat.of().parseHex(hex.replace(" ", "")));

            assertThat(frames.untilClosed()).isEqualTo(error);
        }
    }

    @Test
    void emptyEnvelopesAndRepeatedAcknowledgementsSayNothing() throws IOException {
        try (var alice = letIn(relay.alice, "nothing")) {
            var frames = new ByteArrayOutputStream();
            for (int i = 0; i < 10_000; i++) {
                frames.write(Frames.bytes(Frames.ENVELOPE, new byte[0]));
                frames.write(Frames.bytes(Frames.ACKNOWLEDGEMENT, new byte[8]));
                frames.write(Frames.bytes(Frames.PONG, new byte[8]));
            }
            alice.raw(frames.toByteArray());
            expectAlive(alice);
        }
    }

    @Test
    void acknowledgementsThatGoBackwardsTakeNothingBack() throws IOException {
        try (var alice = letIn(relay.alice, "backwards");
                var bob = letIn(relay.bob, "backwards")) {
            for (String uid : new String[] {"1", "2", "3"}) {
                Envelope sent = request(relay.alice, "backwards", relay.bob, "backwards", uid);
                alice.send(Frames.ENVELOPE, sent.toByteArray());
                assertThat(bob.read().body()).isEqualTo(sent.toByteArray());
            }
            bob.acknowledge(3);
            bob.acknowledge(1);
            bob.acknowledge(0);
            bob.acknowledge(3);
            expectAlive(bob);
            bob.acknowledge(4);
            assertThat(bob.untilClosed()).isEqualTo("acknowledgement of what was not sent");
        }
        try (var again = letIn(relay.bob, "backwards")) {
            expectAlive(again);
        }
    }

    @Test
    void halvesOfFramesAreForgottenWithTheirConnections() throws IOException {
        byte[] frame = Frames.bytes(Frames.ENVELOPE, new byte[20_000]);
        for (int i = 0; i < HALVES; i++) {
            try (var alice = letIn(relay.alice, "half" + i % 10)) {
                alice.raw(Arrays.copyOf(frame, 1 + i * 53 % frame.length));
            }
        }
    }

    @Test
    void pingsAreAnsweredOnlyAsFastAsTheClientReads() throws IOException {
        byte[] token = relay.alice.token(named("pings")).getBytes(US_ASCII);
        try (var crowd = new Crowd().join(port(), 1)) {
            crowd.say(Frames.bytes(Frames.TOKEN, token));
            if (relay.own().isPresent()) {
                await().atMost(PATIENCE).until(() -> held("rmb_gateway_sessions") >= 3);
            }
            var pings = new ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++) {
                pings.write(Frames.bytes(Frames.PING, new byte[100]));
            }

            assertThat(crowd.flood(pings.toByteArray(), MAX_UNREAD)).isLessThan(MAX_UNREAD);
            assertThat(held("rmb_gateway_queued_bytes")).isLessThan(2 << 20);
        }
    }

    private HostPort port() {
        return relay.tcp().orElseThrow();
    }

    private Frames letIn(TestTwin twin, String name) throws IOException {
        var frames = new Frames(port());
        frames.send(Frames.TOKEN, twin.token(named(name)).getBytes(US_ASCII));
        assertThat(frames.read().type()).isEqualTo(Frames.TOKEN);
        return frames;
    }

    private static void expectAlive(Frames frames) throws IOException {
        frames.send(Frames.PING, "alive".getBytes(US_ASCII));
        Frames.Frame frame;
        do {
            frame = frames.read();
        } while (frame.type() != Frames.PONG);
        assertThat(frame.body()).isEqualTo("alive".getBytes(US_ASCII));
    }
}
