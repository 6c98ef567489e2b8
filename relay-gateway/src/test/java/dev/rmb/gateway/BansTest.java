package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.cluster.bans.Ban;
import dev.rmb.cluster.bans.BanTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is banned is kept out, and put out. */
@Timeout(60)
final class BansTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final String ALL =
            "transports: [{type: websocket}, {type: tcp, listen: '127.0.0.1:0'}, {type: http}]\n";

    @Test
    void theSessionsOfABannedTwinEndAndOthersStay() throws IOException {
        try (var gateway = new TestGateway(ALL);
                var alice = gateway.connect(ALICE);
                var frames = new Frames(gateway.gateway.transportAddresses().getFirst());
                var bob = gateway.connect(BOB)) {
            frames.send(Frames.TOKEN, token("tcp"));
            assertThat(frames.read().type()).isEqualTo(Frames.TOKEN);

            ban(gateway, "twin:" + ALICE.id);

            Peer.Frame end = alice.untilClosed();
            assertThat(end.closeCode()).isEqualTo(1008);
            assertThat(end.closeReason()).isEqualTo("banned");
            assertThat(frames.untilClosed()).isEqualTo("banned");
            bob.send(BOB.request(ALICE, "r1"));
            Gateways.awaitAccepted(gateway, "r1");
        }
    }

    @Test
    void aBannedTwinIsNotLetInOnWhateverTransport() throws IOException {
        try (var gateway = new TestGateway(ALL)) {
            ban(gateway, "twin:" + ALICE.id);

            assertThat(upgrade(gateway, ALICE)).isEqualTo("403 banned");
            // Before its signature is looked at: that is what would cost.
            assertThat(upgrade(gateway, new TestTwin(ALICE.id, 99))).isEqualTo("403 banned");
            assertThat(post(gateway)).isEqualTo("403 banned");
            try (var frames = new Frames(gateway.gateway.transportAddresses().getFirst())) {
                frames.send(Frames.TOKEN, token("tcp"));
                assertThat(frames.untilClosed()).isEqualTo("banned");
            }
            gateway.connect(BOB).close();

            gateway.bans.remove(BanTarget.parse("twin:" + ALICE.id));
            gateway.connect(ALICE).close();
        }
    }

    @Test
    void whatComesAfterTheBanIsRefusedThoughItsRequestBeganBefore() throws IOException {
        try (var gateway = new TestGateway(ALL);
                var poster = Peer.silent(gateway.address())) {
            byte[] body = ALICE.request(BOB, "late").toByteArray();
            poster.raw(
                    ("POST /envelopes HTTP/1.1\r\nHost: relay\r\nContent-Length: "
                                    + body.length
                                    + "\r\nContent-Type: application/octet-stream\r\nAuthorization: Bearer "
                                    + ALICE.token(null)
                                    + "\r\nExpect: 100-continue\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // Only a request that was let in so far is told to go on.
            assertThat(poster.line()).contains("100");
            assertThat(poster.line()).isBlank();

            ban(gateway, "twin:" + ALICE.id);
            poster.raw(body);

            assertThat(poster.answer().status()).isEqualTo(403);
        }
    }

    @Test
    void aConnectionThatShowedItsTokenBeforeIsAskedAgain() throws IOException {
        try (var gateway = new TestGateway(ALL);
                var poster = Peer.silent(gateway.address())) {
            assertThat(poster.ask(postRequest()).status()).isEqualTo(202);

            ban(gateway, "twin:" + ALICE.id);

            assertThat(poster.ask(postRequest()).status()).isEqualTo(403);
        }
    }

    @Test
    void aLongPollOfABannedTwinIsAnswered() throws IOException {
        try (var gateway = new TestGateway(ALL);
                var poll = Peer.silent(gateway.address())) {
            poll.raw(
                    ("GET /envelopes HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer "
                                    + ALICE.token(null)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 1);

            ban(gateway, "twin:" + ALICE.id);

            Peer.Answer answer = poll.answer();
            assertThat(answer.status() + " " + answer.body()).isEqualTo("403 banned");
        }
    }

    @Test
    void whoeverComesFromABannedAddressIsPutOutAndKeptOut() throws IOException {
        try (var gateway = new TestGateway(ALL);
                var alice = gateway.connect(ALICE);
                var idle = Peer.silent(gateway.address())) {
            ban(gateway, "remote:127.0.0.0/16");

            assertThat(alice.untilClosed().closeReason()).isEqualTo("banned");
            assertThat(upgrade(gateway, BOB)).isEqualTo("403 banned");
            assertThat(idle.ask(postRequest()).status()).isEqualTo(403);
            try (var frames = new Frames(gateway.gateway.transportAddresses().getFirst())) {
                assertThat(frames.untilClosed()).isEqualTo("banned");
            }
            assertThat(gateway.counter("rmb_gateway_connections_banned_total"))
                    .isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void behindAProxyTheClientIsBannedAndNotTheProxy() throws IOException {
        try (var gateway = new TestGateway("trustedProxies: [127.0.0.1]")) {
            ban(gateway, "remote:203.0.113.0/24");
            String request = Peer.upgradeRequest("/?" + ALICE.token(null));

            Peer.Answer answer =
                    Peer.refused(
                            gateway.address(),
                            request.replace("Host:", "X-Forwarded-For: 203.0.113.9\r\nHost:"));
            assertThat(answer.status() + " " + answer.body()).isEqualTo("403 banned");
            gateway.connect(ALICE).close();
        }
    }

    @Test
    void aBanEndsByItself() throws IOException {
        try (var gateway = new TestGateway()) {
            gateway.bans.put(
                    new Ban(
                            BanTarget.parse("twin:" + ALICE.id),
                            null,
                            Instant.now(),
                            Instant.now().plusMillis(700)));
            assertThat(upgrade(gateway, ALICE)).isEqualTo("403 banned");

            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> gateway.connect(ALICE).close());
        }
    }

    private static void ban(TestGateway gateway, String target) {
        gateway.bans.put(new Ban(BanTarget.parse(target), "a test", Instant.now(), null));
    }

    private static String upgrade(TestGateway gateway, TestTwin twin) throws IOException {
        Peer.Answer answer =
                Peer.refused(gateway.address(), Peer.upgradeRequest("/?" + twin.token(null)));
        return answer.status() + " " + answer.body();
    }

    private static String post(TestGateway gateway) throws IOException {
        Peer.Answer answer = Peer.refused(gateway.address(), postRequest());
        return answer.status() + " " + answer.body();
    }

    private static String postRequest() {
        return "POST /envelopes HTTP/1.1\r\nHost: relay\r\nContent-Length: 0\r\nContent-Type:"
                + " application/octet-stream\r\nAuthorization: Bearer "
                + ALICE.token("post")
                + "\r\n\r\n";
    }

    private static byte[] token(String connection) {
        return ALICE.token(connection).getBytes(StandardCharsets.US_ASCII);
    }
}
