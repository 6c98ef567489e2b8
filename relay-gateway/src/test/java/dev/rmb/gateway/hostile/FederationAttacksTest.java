package dev.rmb.gateway.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.rmb.gateway.Peer;
import dev.rmb.gateway.TestTwin;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.envelope.Envelopes;
import java.io.IOException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be done to the port for other relays by who is none. */
final class FederationAttacksTest extends HostileTest {
    private static final int FORGED = 2_000;
    private static final int BODIES = 200;
    private static final int GARBAGE = 500;

    @BeforeEach
    void onlyHere() {
        assumeTrue(relay.own().isPresent(), "others may live on another domain");
    }

    @Test
    void aFloodOfForgedMessagesIsRefusedOneByOne() throws IOException {
        byte[] forged = request(relay.bob, "f", relay.alice, "f", "forged", 64).toByteArray();
        byte[] post = post(forged);
        try (var peer = Peer.silent(relay.http())) {
            for (int i = 0; i < FORGED; i++) {
                peer.raw(post);
                assertThat(peer.answer())
                        .matches(a -> a.status() == 403)
                        .matches(a -> a.body().equals("wrong signature"));
            }
        }
    }

    @Test
    void largeForgedMessagesAreHeldOnlyUntilTheyAreRefused() throws IOException {
        byte[] forged =
                request(relay.bob, "l", relay.alice, "l", "large", 10_000_000).toByteArray();
        for (int i = 0; i < 5; i++) {
            try (var peer = Peer.silent(relay.http())) {
                peer.raw(post(forged));
                assertThat(peer.answer().status()).isEqualTo(403);
            }
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_federated_held_bytes") == 0);
    }

    @Test
    void whoLeavesBeforeTheAnswerLeavesNothingBehind() throws IOException {
        byte[] post = post(request(relay.bob, "g", relay.alice, "g", "gone", 1000).toByteArray());
        for (int i = 0; i < 100; i++) {
            var peer = Peer.silent(relay.http());
            peer.raw(post);
            peer.reset();
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_federated_held_bytes") == 0);
    }

    @Test
    void bodiesThatNeverEndAreGivenUp() throws IOException {
        String head = "POST / HTTP/1.1\r\nHost: relay\r\nContent-Length: 16000000\r\n\r\n";
        try (var crowd = new Crowd().join(relay.http(), BODIES)) {
            crowd.say((head + "x".repeat(60_000)).getBytes(ISO_8859_1));
            await().atMost(PATIENCE).until(() -> crowd.listen() == 0);
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_unfinished_body_bytes") == 0);
        assertThat(held("rmb_gateway_federated_held_bytes")).isZero();
    }

    @Test
    void garbageOfAnySizeIsNoEnvelopeOrIsRefused() throws IOException {
        var random = new SplittableRandom(1);
        try (var peer = Peer.silent(relay.http())) {
            for (int i = 0; i < GARBAGE; i++) {
                byte[] body = new byte[random.nextInt(300)];
                random.nextBytes(body);
                peer.raw(post(body));
                assertThat(peer.answer().status()).isBetween(400, 499);
            }
        }
    }

    @Test
    void aSecondRequestBeforeTheFirstIsAnsweredIsNotRead() throws IOException {
        byte[] honest = signed("pipelined");
        try (var peer = Peer.silent(relay.http())) {
            byte[] post = post(honest);
            byte[] twice = new byte[2 * post.length];
            System.arraycopy(post, 0, twice, 0, post.length);
            System.arraycopy(post, 0, twice, post.length, post.length);
            peer.raw(twice);

            assertThat(peer.answer().status()).isEqualTo(202);
            assertThat(peer.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: -1",
                "Transfer-Encoding: xchunked",
            })
    void aBodyOfWhichNobodyKnowsTheLengthIsRefused(String headers) throws IOException {
        try (var peer = Peer.silent(relay.http())) {
            peer.raw(
                    ("POST / HTTP/1.1\r\nHost: relay\r\n" + headers + "\r\n\r\n0\r\n\r\n")
                            .getBytes(ISO_8859_1));
            assertThat(peer.answer().status()).isEqualTo(400);
            assertThat(peer.ends()).isTrue();
        }
    }

    private byte[] signed(String uid) {
        return Envelopes.sign(
                        request(relay.bob, "s", relay.alice, "s", uid, 10).toBuilder()
                                .clearSignature(),
                        relay.bob.key)
                .toByteArray();
    }

    private Envelope request(
            TestTwin from, String fromName, TestTwin to, String toName, String uid, int payload) {
        return request(from, fromName, to, toName, uid).toBuilder()
                .setTimestamp(Instant.now().getEpochSecond())
                .setPlain(ByteString.copyFrom(new byte[payload]))
                // As long as one, and of the right type.
                .setSignature(ByteString.copyFrom(("e" + "x".repeat(64)).getBytes(ISO_8859_1)))
                .build();
    }

    private static byte[] post(byte[] body) {
        byte[] head =
                ("POST / HTTP/1.1\r\nHost: relay\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(ISO_8859_1);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
