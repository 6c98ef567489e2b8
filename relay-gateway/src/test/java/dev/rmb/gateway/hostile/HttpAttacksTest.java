package dev.rmb.gateway.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rmb.gateway.Peer;
import dev.rmb.gateway.TestTwin;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two parsers read differently, that never end, and that lie. */
final class HttpAttacksTest extends HostileTest {
    private static final int POLLS = 2_000;
    private static final int BODIES = 200;
    private static final int STREAMS = 200;

    /** What a second request would be, hidden in the first. */
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: relay\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5, 6",
                "Content-Length: 5,5",
                "Content-Length: +5",
                "Content-Length: -1",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 99999999999999999999",
                "Content-Length:",
                "Content-Length : 5",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity, chunked, identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding : chunked",
                "X: y\nTransfer-Encoding: chunked",
                "X: y\u0000",
                "X: y\rZ: z",
                "X\u0000: y",
                ": y",
                "X y",
            })
    void aBodyOfWhichNobodyKnowsTheLengthIsRefusedAndNothingBehindItIsRead(String headers)
            throws IOException {
        expectOneRefusal(post(headers) + "0\r\n\r\n" + SMUGGLED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FFFFFFFFFFFFFFFF",
                "80000000",
                "-1",
                "+1",
                "0x1",
                "zz",
                " ",
                "",
                "1 1",
            })
    void soIsAChunkOfNoSize(String size) throws IOException {
        expectOneRefusal(
                post("Transfer-Encoding: chunked") + size + "\r\nx\r\n0\r\n\r\n" + SMUGGLED);
    }

    @Test
    void whatIsFoldedIntoAHeaderIsNoHeaderOfItsOwn() throws IOException {
        // The value goes on (RFC 9112, 5.2): this has no body.
        String request = post("X: y\r\n Transfer-Encoding: chunked");

        assertThat(Peer.refused(relay.http(), request).status()).isEqualTo(202);
    }

    @Test
    void linesEndAsTheyShould() throws IOException {
        expectOneRefusal((post("Content-Length: 0") + SMUGGLED).replace("\r\n", "\n"));
        expectOneRefusal(post("Content-Length: 0").replace("Host: relay\r\n", "Host: relay\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://relay/envelopes HTTP/1.1, 404",
        "GET //envelopes HTTP/1.1, 404",
        "GET /./envelopes HTTP/1.1, 404",
        "GET /envelopes/ HTTP/1.1, 404",
        "GET /envelopes%00 HTTP/1.1, 404",
        "GET * HTTP/1.1, 404",
        "CONNECT relay:80 HTTP/1.1, 404",
        "TRACE / HTTP/1.1, 404",
        "GET / HTTP/1.0, 404",
        "GET / HTTP/0.9, 404",
        "GET / HTTP/2.0, 404",
        "GET / HTTP/9.9, 404",
        "GET / HTTZ/1.1, 400",
        "GET /, 400",
        "PRI * HTTP/2.0, 404",
    })
    void otherTargetsAndVersionsFindNothing(String line, int status) throws IOException {
        Peer.Answer answer = Peer.refused(relay.http(), line + "\r\nHost: relay\r\n\r\n");

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void anOlderHttpIsNotUpgraded() throws IOException {
        String upgrade = Peer.upgradeRequest("/?" + relay.alice.token(named("old")));

        assertThat(Peer.refused(relay.http(), upgrade.replace("HTTP/1.1", "HTTP/1.0")).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void anUpgradeHasNoBody(String header) throws IOException {
        String upgrade =
                Peer.upgradeRequest("/?" + relay.alice.token(named("body")))
                        .replace("Host: relay", "Host: relay\r\n" + header);

        assertThat(Peer.refused(relay.http(), upgrade + "12345").status()).isEqualTo(400);
    }

    @Test
    void whoDoesNotWaitForAnAnswerGetsOne() throws IOException {
        String get = "GET /nothing HTTP/1.1\r\nHost: relay\r\n\r\n";
        expectOneAnswer(get.repeat(1_000), 404);
    }

    @Test
    void bodiesThatNeverEndAreGivenUpAndForgotten() throws IOException {
        String post = post("Content-Length: 16000000") + "x".repeat(60_000);
        try (var crowd = new Crowd().join(relay.http(), BODIES)) {
            crowd.say(post.getBytes(ISO_8859_1));
            if (relay.own().isPresent()) {
                await().atMost(PATIENCE)
                        .until(() -> held("rmb_gateway_unfinished_body_bytes") > 1 << 20);
                assertThat(held("rmb_gateway_unfinished_body_bytes")).isLessThan(17 << 20);
            }
            assumeTrue(relay.own().isPresent(), "takes a minute and more with the usual settings");
            await().atMost(PATIENCE).until(() -> crowd.listen() == 0);
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_unfinished_body_bytes") == 0);
    }

    @Test
    void aLargeBodyInSmallChunksCostsItsBytesAndNotTheirSquare() throws IOException {
        assumeTrue(relay.own().isPresent(), "takes longer than others may allow");
        try (var peer = Peer.silent(relay.http())) {
            peer.raw(post("Content-Length: 16000000").getBytes(ISO_8859_1));
            for (int i = 0; i < 16; i++) {
                peer.raw(new byte[1_000_000]);
            }

            assertThat(peer.answer()).matches(a -> a.status() == 400, "not an envelope");
        }
    }

    @Test
    void ofThousandsOfPollsOfOneAddressOneStands() throws IOException {
        String poll = get("/envelopes?wait=20", relay.alice, "polls");
        try (var crowd = new Crowd()) {
            for (int i = 0; i < POLLS; i++) {
                crowd.join(relay.http(), 1);
            }
            crowd.say(poll.getBytes(ISO_8859_1));

            await().atMost(PATIENCE)
                    .until(() -> {
                        crowd.listen();
                        return held("rmb_gateway_sessions") <= 3;
                    });
        }
    }

    @Test
    void streamsOfEventsThatNobodyReadsEndWithTheirConnections() throws IOException {
        try (var crowd = new Crowd()) {
            for (int i = 0; i < STREAMS; i++) {
                String get =
                        get("/envelopes", relay.bob, "stream" + i)
                                .replace("Host:", "Accept: text/event-stream\r\nHost:");
                crowd.join(relay.http(), 1).sayLast(get.getBytes(ISO_8859_1));
            }
            if (relay.own().isPresent()) {
                await().atMost(PATIENCE).until(() -> held("rmb_gateway_sessions") >= STREAMS);
            }
        }
        await().atMost(PATIENCE).until(() -> held("rmb_gateway_sessions") <= 3);
    }

    @Test
    void whatAClientNamesAsItsLastIsBelievedOnlyIfItWasSent() throws IOException {
        try (var alice = connect(relay.alice, "after");
                var bob = Peer.silent(relay.http())) {
            alice.send(request(relay.alice, "after", relay.bob, "after", "r1"));
            expectAlive(alice);
            String first = lastId(poll(bob, "after", "/envelopes?wait=5", 200));
            String session = first.substring(0, first.indexOf('.'));
            assertThat(first).endsWith(".1");

            for (String lie : List.of("2", "9223372036854775807")) {
                poll(bob, "after", "/envelopes?after=" + session + "." + lie + "&wait=0", 400);
            }
            // What is no ID of this session begins a new one, and confirms nothing.
            for (String lie :
                    List.of(
                            session + ".-1",
                            session + ".9223372036854775808",
                            session + ".1x",
                            "0.1",
                            ".1",
                            "%00.1",
                            "x".repeat(1_000) + ".1")) {
                Peer.Answer again = poll(bob, "after", "/envelopes?after=" + lie + "&wait=5", 200);
                assertThat(lastId(again)).as(lie).endsWith(".1").isNotEqualTo(first);
            }
        }
    }

    @Test
    void nobodyConfirmsWhatIsAnothers() throws IOException {
        try (var alice = connect(relay.alice, "thief");
                var bob = Peer.silent(relay.http());
                var thief = Peer.silent(relay.http())) {
            alice.send(request(relay.alice, "thief", relay.bob, "robbed", "r1"));
            expectAlive(alice);
            String bobs = lastId(poll(bob, "robbed", "/envelopes?wait=5", 200));

            thief.raw(
                    get("/envelopes/ack?after=" + bobs, relay.alice, "another")
                            .replace("GET", "POST")
                            .getBytes(ISO_8859_1));
            Peer.Answer refused = thief.answer();
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.headers()).doesNotContain("connection: close");
            thief.raw(
                    get("/envelopes?wait=0&after=" + bobs, relay.alice, "another")
                            .getBytes(ISO_8859_1));
            assertThat(thief.answer().status()).isEqualTo(204);

            String session = bobs.substring(0, bobs.indexOf('.'));
            assertThat(
                            lastId(
                                    poll(
                                            bob,
                                            "robbed",
                                            "/envelopes?wait=5&after=" + session + ".0",
                                            200)))
                    .isEqualTo(bobs);
        }
    }

    @Test
    void aPostSpeaksForItsOwnTwinOnly() throws IOException {
        Envelope bobs = request(relay.bob, "post", relay.bob, "post", "r1");
        byte[] body = bobs.toByteArray();
        try (var alice = Peer.silent(relay.http())) {
            alice.raw(post("Content-Length: " + body.length).getBytes(ISO_8859_1));
            alice.raw(body);

            assertThat(alice.answer().status()).isEqualTo(403);
        }
    }

    /** One answer that says no, and the end of the connection: nothing more was read from it. */
    private void expectOneRefusal(String request) throws IOException {
        expectOneAnswer(request, 400);
    }

    private void expectOneAnswer(String requests, int status) throws IOException {
        try (var peer = Peer.silent(relay.http())) {
            peer.raw(requests.getBytes(ISO_8859_1));

            assertThat(peer.answer().status()).isEqualTo(status);
            assertThat(peer.ends()).isTrue();
        }
    }

    private Peer.Answer poll(Peer bob, String name, String target, int status) throws IOException {
        bob.raw(get(target, relay.bob, name).getBytes(ISO_8859_1));
        Peer.Answer answer = bob.answer();
        assertThat(answer.status()).as(target).isEqualTo(status);
        return answer;
    }

    private static String lastId(Peer.Answer answer) {
        return answer.headers().stream()
                .filter(h -> h.startsWith("rmb-last-id: "))
                .map(h -> h.substring("rmb-last-id: ".length()))
                .findFirst()
                .orElseThrow();
    }

    private String post(String headers) {
        return "POST /envelopes HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer "
                + relay.alice.token(named("post"))
                + "\r\nContent-Type: application/octet-stream\r\n"
                + headers
                + "\r\n\r\n";
    }

    private String get(String target, TestTwin twin, String name) {
        return "GET "
                + target
                + " HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer "
                + twin.token(named(name))
                + "\r\n\r\n";
    }
}
