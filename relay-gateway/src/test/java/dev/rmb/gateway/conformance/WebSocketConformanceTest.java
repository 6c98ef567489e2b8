package dev.rmb.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.Peer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transport of existing clients, and what only it has. */
final class WebSocketConformanceTest extends ConformanceTest {
    private static final int FIN = 0x80;

    WebSocketConformanceTest() {
        super(new WebSocketDialect());
    }

    @Test
    void anEmptyQueryIsATokenThatIsNone() throws IOException {
        assertThat(Peer.refused(relay().http(), Peer.upgradeRequest("/?")).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/?x"})
    void whatIsNoUpgradeIsNotFound(String target) throws IOException {
        Peer.Answer answer =
                Peer.refused(relay().http(), "GET " + target + " HTTP/1.1\r\nHost: relay\r\n\r\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("page not found");
    }

    @Test
    void upgradesAreTakenOnAnyPath() throws IOException {
        try (var peer =
                Peer.connect(relay().http(), "/some/path?", relay().alice.token("any path"))) {
            peer.frame(FIN | Peer.PING, new byte[] {1, 2, 3});

            assertThat(peer.next().opcode()).isEqualTo(Peer.PONG);
        }
    }

    @Test
    void aTextFrameDisconnects() throws IOException {
        try (var peer = connect("text")) {
            peer.frame(FIN | Peer.TEXT, "hello".getBytes(UTF_8));

            assertThat(peer.untilClosed().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void aMessageMayComeInFragmentsWithAPingBetweenThem() throws IOException {
        byte[] envelope =
                relay().alice.request(relay().bob, "in pieces").toBuilder()
                        .setSource(relay().alice.address("fragments"))
                        .setDestination(relay().bob.address("fragments"))
                        .build()
                        .toByteArray();
        try (var alice = connect("fragments");
                var bob = Peer.connect(relay().http(), relay().bob.token("fragments"))) {
            alice.frame(Peer.BINARY, Arrays.copyOf(envelope, 5));
            alice.frame(FIN | Peer.PING, new byte[] {1});
            alice.frame(FIN, Arrays.copyOfRange(envelope, 5, envelope.length));

            assertThat(alice.next().opcode()).isEqualTo(Peer.PONG);
            assertThat(bob.next().payload()).isEqualTo(envelope);
        }
    }

    @Test
    void aCloseFrameIsAnswered() throws IOException {
        try (var peer = connect("close")) {
            peer.frame(FIN | Peer.CLOSE, new byte[] {0x03, (byte) 0xE8});

            assertThat(peer.untilClosed().closeCode()).isEqualTo(1000);
        }
    }

    private Peer connect(String name) throws IOException {
        return Peer.connect(relay().http(), relay().alice.token(name));
    }
}
