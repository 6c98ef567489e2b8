package dev.rmb.gateway;

import static dev.rmb.gateway.TestGateway.address;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.GatewayMessage.Acknowledged;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.proto.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/transports.md says of HTTP requests, beyond what holds on all transports. */
@Timeout(60)
final class HttpTransportTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String HTTP =
            "transports: [{type: websocket}, {type: http, maxAnswer: 1KiB}]\n";
    private static final String ONE = "application/octet-stream";
    private static final String SEVERAL = "application/vnd.rmb.envelopes";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new TestGateway(HTTP + "loops: 2");
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.shutdownNow();
    }

    // Sending

    @Test
    void anEnvelopeIsAnsweredWhenItIsAccepted() throws Exception {
        gateway.log.stall();
        var answer = http.sendAsync(post(ALICE, ONE, request("r1")), BodyHandlers.ofString());
        await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);
        assertThat(answer).isNotDone();

        gateway.log.go();
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        assertThat(Gateways.acceptedUids(gateway)).containsExactly("r1");
    }

    @Test
    void severalEnvelopesKeepTheirOrder() throws Exception {
        byte[] body = batch(request("r1"), new byte[0], request("r2"), request("r3"));

        assertThat(send(post(ALICE, SEVERAL, body)).statusCode()).isEqualTo(202);
        assertThat(Gateways.acceptedUids(gateway)).containsExactly("r1", "r2", "r3");
    }

    @Test
    void oneThatIsWrongKeepsAllOfThemOut() throws Exception {
        byte[] wrong = BOB.request(ALICE, "wrong").toByteArray();

        var answer = send(post(ALICE, SEVERAL, batch(request("r1"), wrong)));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("envelope 2: message wrong source");
        assertThat(gateway.log.accepted()).isEmpty();
    }

    @Test
    void lengthsThatDoNotAddUpAreRefused() throws Exception {
        var answer = send(post(ALICE, SEVERAL, new byte[] {0, 0, 0, 9, 1}));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("the lengths do not add up");
    }

    @Test
    void thereMayBeSoManyInOneRequest() throws Exception {
        byte[] many = new byte[5_000 * 5];
        for (int i = 0; i < 5_000; i++) {
            many[i * 5 + 3] = 1;
        }

        assertThat(send(post(ALICE, SEVERAL, many)).statusCode()).isEqualTo(413);
    }

    @Test
    void anotherMediaTypeIsRefused() throws Exception {
        assertThat(send(post(ALICE, "application/json", request("r1"))).statusCode())
                .isEqualTo(415);
    }

    @Test
    void whatCannotBeSentIsAnsweredSo() throws Exception {
        gateway.log.refuse(true);

        var answer = send(post(ALICE, ONE, request("r1")));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("relay busy, try again");
    }

    @Test
    void whatIsNotConfirmedIsAnsweredSo() throws Exception {
        gateway.log.stall();
        var answer =
                http.sendAsync(
                        post(ALICE, SEVERAL, batch(request("r1"), request("r2"))),
                        BodyHandlers.ofString());
        await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 2);
        gateway.log.giveUp();

        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
        assertThat(answer.get().body())
                .isEqualTo(
                        "envelope 1: not confirmed, may still arrive\n"
                                + "envelope 2: not confirmed, may still arrive");
    }

    @Test
    void sendingNeedsNoSessionAndEndsNone() throws Exception {
        gateway.claimAll();
        try (var websocket = gateway.connect(ALICE)) {
            SessionInfo session = gateway.router.awaitPresent(address(ALICE));
            assertThat(send(post(ALICE, ONE, request("r1"))).statusCode()).isEqualTo(202);

            gateway.deliver(ALICE, session, 1, 1, request("to alice"));
            assertThat(websocket.nextEnvelope().getUid()).isEqualTo("to alice");
        }
    }

    @Test
    void aBodyThatIsTooBigIsRefusedBeforeItIsSent() throws Exception {
        var answer =
                Peer.refused(
                        gateway.address(),
                        head("POST /envelopes", ALICE)
                                + "Content-Type: application/octet-stream\r\n"
                                + "Content-Length: 16777217\r\nExpect: 100-continue\r\n\r\n");

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void aBodyThatTakesTooLongIsRefused() throws Exception {
        try (var impatient = new TestGateway(HTTP + "http: {bodyTimeout: 100ms}")) {
            var answer =
                    Peer.refused(
                            impatient.address(),
                            head("POST /envelopes", ALICE)
                                    + "Content-Type: application/octet-stream\r\n"
                                    + "Content-Length: 100\r\n\r\nabc");

            assertThat(answer.status()).isEqualTo(408);
        }
    }

    @Test
    void aBodyMayComeInChunksAndTheConnectionServesTheNextRequest() throws Exception {
        byte[] envelope = request("chunked");
        try (var peer = Peer.silent(gateway.address())) {
            var request = new ByteArrayOutputStream();
            request.write(
                    (head("POST /envelopes", ALICE)
                                    + "Content-Type: application/octet-stream\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n")
                            .getBytes(UTF_8));
            for (byte each : envelope) {
                request.write(new byte[] {'1', '\r', '\n', each, '\r', '\n'});
            }
            request.write("0\r\n\r\n".getBytes(UTF_8));
            for (int i = 0; i < 3; i++) {
                peer.raw(request.toByteArray());
                assertThat(peer.answer().status()).isEqualTo(202);
            }
        }
        assertThat(Gateways.acceptedUids(gateway)).hasSize(3);
    }

    @Test
    void whoDoesNotWaitForAnAnswerGetsItAndNoMore() throws Exception {
        try (var peer = Peer.silent(gateway.address())) {
            String poll = head("GET /envelopes?wait=0", ALICE) + "\r\n";
            peer.raw((poll + poll + poll).getBytes(UTF_8));

            assertThat(peer.answer().status()).isEqualTo(204);
            assertThat(peer.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /envelopes | GET, POST",
                "GET | /envelopes/ack | POST",
                "HEAD | /envelopes | GET, POST",
                "DELETE | /envelopes | GET, POST"
            })
    void otherMethodsAreRefusedAndThoseThereAreNamed(String method, String path, String allowed)
            throws Exception {
        var answer = send(request(path, ALICE).method(method, BodyPublishers.noBody()).build());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        assertThat(send(request("/envelopes/other", ALICE).build()).statusCode()).isEqualTo(404);
    }

    // Fetching

    @Test
    void aPollGetsWhatComesAndTheNextOneConfirmsIt() throws Exception {
        gateway.claimAll();
        String start = lastId(poll(BOB, "wait=0"));
        SessionInfo session = gateway.router.awaitPresent(address(BOB));
        var waiting = pollAsync(BOB, "after=" + start);
        gateway.deliver(BOB, session, 1, 1, request("r1"));
        HttpResponse<byte[]> answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(uids(answer)).containsExactly("r1");
        assertThat(gateway.router.heard(Acknowledged.class)).isEmpty();

        assertThat(poll(BOB, "wait=0&after=" + lastId(answer)).statusCode()).isEqualTo(204);
        gateway.router.await(Acknowledged.class, a -> a.number() == 1);
        assertThat(gateway.router.awaitPresent(address(BOB))).isEqualTo(session);
    }

    @Test
    void anAnswerThatGotLostIsFetchedAgain() throws Exception {
        gateway.claimAll();
        String start = lastId(poll(BOB, "wait=0"));
        SessionInfo session = gateway.router.awaitPresent(address(BOB));
        gateway.deliver(BOB, session, 1, 1, request("r1"));
        gateway.deliver(BOB, session, 2, 2, request("r2"));
        var first = poll(BOB, "after=" + start);
        var again = poll(BOB, "after=" + start);

        assertThat(uids(again)).startsWith(uids(first).toArray(String[]::new));
        String one = start.replace(".0", ".1");
        assertThat(uids(poll(BOB, "after=" + one))).containsExactly("r2");
        gateway.router.await(Acknowledged.class, a -> a.number() == 1);
    }

    @Test
    void anAnswerHoldsSoMuchAndTheRestComesWithTheNext() throws Exception {
        gateway.claimAll();
        String start = lastId(poll(BOB, "wait=0"));
        SessionInfo session = gateway.router.awaitPresent(address(BOB));
        byte[] large =
                ALICE.request(BOB, "large").toBuilder()
                        .setPlain(com.google.protobuf.ByteString.copyFrom(new byte[3_000]))
                        .build()
                        .toByteArray();
        gateway.deliver(BOB, session, 1, 1, large);
        gateway.deliver(BOB, session, 2, 2, request("r2"));
        await().atMost(PATIENCE).until(() -> gateway.counter("relay_message_tx") == 2);

        var first = poll(BOB, "after=" + start);
        assertThat(uids(first)).containsExactly("large");
        assertThat(uids(poll(BOB, "after=" + lastId(first)))).containsExactly("r2");
    }

    @Test
    void anAcknowledgementOfItsOwnConfirmsToo() throws Exception {
        gateway.claimAll();
        String start = lastId(poll(BOB, "wait=0"));
        SessionInfo session = gateway.router.awaitPresent(address(BOB));
        gateway.deliver(BOB, session, 1, 1, request("r1"));
        String last = lastId(poll(BOB, "after=" + start));

        assertThat(acknowledge(last)).isEqualTo(204);
        gateway.router.await(Acknowledged.class, a -> a.number() == 1);
        assertThat(acknowledge(start)).isEqualTo(204);
    }

    @Test
    void whatIsUnknownCannotBeAcknowledged() throws Exception {
        String start = lastId(poll(BOB, "wait=0"));

        assertThat(acknowledge(start.replace(".0", ".1"))).isEqualTo(400);
        assertThat(acknowledge("beef.1")).isEqualTo(404);
        assertThat(acknowledge("nonsense")).isEqualTo(400);
        assertThat(poll(BOB, "after=" + start.replace(".0", ".7")).statusCode()).isEqualTo(400);
    }

    @Test
    void anIdOfAnotherSessionBeginsANewOneAndConfirmsNothing() throws Exception {
        gateway.claimAll();
        String start = lastId(poll(BOB, "wait=0"));
        SessionInfo first = gateway.router.awaitPresent(address(BOB));
        gateway.deliver(BOB, first, 1, 1, request("r1"));
        poll(BOB, "after=" + start);

        String other = lastId(poll(BOB, "wait=0&after=beef.1"));
        assertThat(other).isNotEqualTo(start).endsWith(".0");
        gateway.router.await(GatewayMessage.Closed.class, c -> c.sessionId() == first.id());
        assertThat(gateway.router.heard(Acknowledged.class)).isEmpty();
    }

    @Test
    void ofTwoPollsOfOneSessionTheNewerOneStands() throws Exception {
        gateway.claimAll();
        String start = lastId(poll(BOB, "wait=0"));
        SessionInfo session = gateway.router.awaitPresent(address(BOB));
        var older = pollAsync(BOB, "after=" + start);
        // Which of the two came first is only certain when the first one is known to wait.
        CompletableFuture<HttpResponse<byte[]>> newer = pollAsync(BOB, "after=" + start);
        var replaced =
                CompletableFuture.anyOf(older, newer)
                        .thenApply(HttpResponse.class::cast)
                        .get(10, TimeUnit.SECONDS);
        assertThat(replaced.statusCode()).isEqualTo(409);

        gateway.deliver(BOB, session, 1, 1, request("r1"));
        var standing = older.isDone() ? newer : older;
        assertThat(uids(standing.get(10, TimeUnit.SECONDS))).containsExactly("r1");
    }

    @Test
    void aConnectionOfAnotherTransportReplacesIt() throws Exception {
        gateway.claimAll();
        try (var waiting = waitingPoll();
                var websocket = gateway.connect(BOB)) {
            assertThat(waiting.answer().status()).isEqualTo(409);
            SessionInfo session = gateway.router.awaitPresent(address(BOB));
            gateway.deliver(BOB, session, 1, 1, request("r1"));
            assertThat(websocket.nextEnvelope().getUid()).isEqualTo("r1");
        }
    }

    @Test
    void aSessionEndsWhenNothingIsFetchedForAWhile() throws Exception {
        try (var forgetful = forgetful();
                var peer = Peer.silent(forgetful.address())) {
            forgetful.claimAll();
            peer.raw((head("GET /envelopes?wait=0", BOB) + "\r\n").getBytes(UTF_8));
            assertThat(peer.answer().status()).isEqualTo(204);

            GatewayMessage.Opened opened =
                    forgetful.router.await(GatewayMessage.Opened.class, _ -> true);
            forgetful.router.await(
                    GatewayMessage.Closed.class, c -> c.sessionId() == opened.session().id());
        }
    }

    @Test
    void aClientThatLeavesItsPollLosesItsSessionAfterAWhile() throws Exception {
        try (var forgetful = forgetful()) {
            forgetful.claimAll();
            SessionInfo session;
            try (var peer = Peer.silent(forgetful.address())) {
                peer.raw((head("GET /envelopes", BOB) + "\r\n").getBytes(UTF_8));
                session = forgetful.router.awaitPresent(address(BOB));
            }

            forgetful.router.await(GatewayMessage.Closed.class, c -> c.sessionId() == session.id());
        }
    }

    @Test
    void eventsCarryTheirIdsAndGoOnWhereTheClientStopped() throws Exception {
        gateway.claimAll();
        String id;
        SessionInfo session;
        try (var peer = Peer.silent(gateway.address())) {
            peer.raw(events(""));
            assertThat(peer.streamHead()).contains("content-type: text/event-stream");
            session = gateway.router.awaitPresent(address(BOB));
            gateway.deliver(BOB, session, 1, 1, request("r1"));
            gateway.deliver(BOB, session, 2, 2, request("r2"));
            assertThat(peer.line()).endsWith(".0");
            assertThat(peer.line()).isEmpty();
            id = peer.line().substring("id: ".length());
            assertThat(id).endsWith(".1");
            assertThat(peer.line()).startsWith("data: ");
        }
        try (var peer = Peer.silent(gateway.address())) {
            peer.raw(events("Last-Event-ID: " + id + "\r\n"));
            peer.streamHead();
            assertThat(peer.line()).isEqualTo("id: " + id);
            assertThat(peer.line()).isEmpty();
            assertThat(peer.line()).isEqualTo("id: " + id.replace(".1", ".2"));
        }
        gateway.router.await(Acknowledged.class, a -> a.number() == 1);
        assertThat(gateway.router.awaitPresent(address(BOB))).isEqualTo(session);
    }

    @Test
    void whenTheGatewayStopsWhoWaitsIsTold() throws Exception {
        gateway.claimAll();
        try (var waiting = waitingPoll()) {
            gateway.gateway.close();

            var answer = waiting.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("draining");
        }
    }

    /** A poll that waits at the gateway: its session is there with it. */
    private Peer waitingPoll() throws IOException {
        var peer = Peer.silent(gateway.address());
        peer.raw((head("GET /envelopes", BOB) + "\r\n").getBytes(UTF_8));
        gateway.router.awaitPresent(address(BOB));
        return peer;
    }

    private static TestGateway forgetful() throws IOException {
        return new TestGateway(HTTP.replace("maxAnswer: 1KiB", "linger: 100ms"));
    }

    private static byte[] request(String uid) {
        return ALICE.request(BOB, uid).toByteArray();
    }

    private static byte[] batch(byte[]... envelopes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        for (byte[] envelope : envelopes) {
            out.writeInt(envelope.length);
            out.write(envelope);
        }
        return bytes.toByteArray();
    }

    private HttpRequest.Builder request(String target, TestTwin twin) {
        return HttpRequest.newBuilder(URI.create("http://" + gateway.address() + target))
                .header("Authorization", "Bearer " + twin.token(null))
                .timeout(PATIENCE);
    }

    private HttpRequest post(TestTwin twin, String type, byte[] body) {
        return request("/envelopes", twin)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> poll(TestTwin twin, String query) throws Exception {
        return pollAsync(twin, query).get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<HttpResponse<byte[]>> pollAsync(TestTwin twin, String query) {
        return http.sendAsync(
                request("/envelopes?" + query, twin).build(), BodyHandlers.ofByteArray());
    }

    private int acknowledge(String id) throws Exception {
        return send(request("/envelopes/ack?after=" + id, BOB)
                        .POST(BodyPublishers.noBody())
                        .build())
                .statusCode();
    }

    private static String lastId(HttpResponse<?> answer) {
        return answer.headers().firstValue("RMB-Last-Id").orElseThrow();
    }

    private static List<String> uids(HttpResponse<byte[]> answer) throws IOException {
        List<String> uids = new ArrayList<>();
        ByteBuffer body = ByteBuffer.wrap(answer.body());
        while (body.hasRemaining()) {
            byte[] envelope = new byte[body.getInt()];
            body.get(envelope);
            uids.add(Envelope.parseFrom(envelope).getUid());
        }
        return uids;
    }

    private static String head(String methodAndTarget, TestTwin twin) {
        return methodAndTarget
                + " HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer "
                + twin.token(null)
                + "\r\n";
    }

    private static byte[] events(String header) {
        return (head("GET /envelopes", BOB) + "Accept: text/event-stream\r\n" + header + "\r\n")
                .getBytes(UTF_8);
    }
}
