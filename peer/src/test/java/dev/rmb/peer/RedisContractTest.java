package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.rmb.proto.Address;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;
import dev.rmb.protocol.encryption.PayloadCipher;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What programs may rely on: docs/rmb-peer.md. One peer, whose relay is the test, which is also the
 * other twin.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(TestRedis.Kind.class)
@SuppressWarnings("NullAway.Init") // set up before each test
final class RedisContractTest {
    private static final TestTwin SELF = TestTwin.of(1, KeyType.SR25519);
    private static final TestTwin OTHER = TestTwin.of(2, KeyType.ED25519);
    private static final TestTwin PLAIN = TestTwin.of(3, KeyType.SR25519);

    /** Whose key for encryption is none. */
    private static final TestTwin BROKEN = TestTwin.of(4, KeyType.SR25519);

    @Parameter private TestRedis.Kind kind;

    private static TestRelay relay;
    private static TestNode node;

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    @BeforeParameterizedClassInvocation
    static void start(TestRedis.Kind kind) throws Exception {
        relay = TestRelay.start();
        node =
                TestNode.start(
                        kind,
                        SELF,
                        List.of(relay.url()),
                        InMemoryTwins.of(
                                SELF.encrypted(),
                                OTHER.encrypted(),
                                PLAIN.plain(),
                                BROKEN.record(new byte[33])));
        org.awaitility.Awaitility.await().until(() -> relay.isConnected(1));
    }

    @BeforeEach
    void forget() {
        relay.forgetSeen();
        node.redis().del("answers", "msgbus.c");
        node.redis().clientSetname(kind.name());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        node.close();
        relay.close();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                row(
                        "everything",
                        r -> r.put("tag", "a,b").put("shm", "text/plain"),
                        e -> {
                            assertThat(e.getTags()).isEqualTo("a,b");
                            assertThat(e.getSchema()).isEqualTo("text/plain");
                        }),
                row(
                        "nothing optional",
                        r -> r.remove(List.of("ref", "tag", "shm", "now")),
                        e -> {
                            assertThat(e.hasTags()).isFalse();
                            assertThat(e.hasSchema()).isFalse();
                        }),
                row(
                        "nulls",
                        r -> r.putNull("ref").putNull("tag").putNull("shm"),
                        e -> {
                            assertThat(e.hasTags()).isFalse();
                        }),
                row(
                        "empty texts",
                        r -> r.put("tag", "").put("shm", "").put("dat", ""),
                        e -> {
                            assertThat(e.hasTags()).isTrue();
                            assertThat(e.hasSchema()).isTrue();
                        }),
                row("unknown fields", r -> r.put("con", "x").put("try", 3), e -> {}),
                row(
                        "no expiration",
                        r -> r.put("exp", 0),
                        e -> assertThat(e.getExpiration()).isBetween(298L, 300L)),
                row(
                        "a long expiration",
                        r -> r.put("exp", 100_000),
                        e -> assertThat(e.getExpiration()).isEqualTo(1800)),
                row(
                        "a past timestamp",
                        r -> r.put("now", now() - 20).put("exp", 100),
                        e -> assertThat(e.getExpiration()).isBetween(60L, 80L)),
                row(
                        "a future timestamp",
                        r -> r.put("now", now() + 1000).put("exp", 100),
                        e -> assertThat(e.getExpiration()).isEqualTo(100)));
    }

    private static Arguments row(String name, Consumer<ObjectNode> given, Consumer<Envelope> then) {
        return Arguments.of(name, given, then);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void aPushedRequestBecomesAnEnvelope(
            String name, Consumer<ObjectNode> given, Consumer<Envelope> then) throws Exception {
        ObjectNode request = TestNode.request("some.command", "ping", 2);
        given.accept(request);
        boolean empty = request.get("dat").textValue().isEmpty();

        node.push("msgbus.system.local", request);

        Envelope sent = relay.nextSeen();
        then.accept(sent);
        assertThat(sent.getUid()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(sent.getRequest().getCommand()).isEqualTo("some.command");
        assertThat(sent.getSource()).isEqualTo(Address.newBuilder().setTwin(1).build());
        assertThat(sent.getDestination()).isEqualTo(Address.newBuilder().setTwin(2).build());
        assertThat(sent.getTimestamp()).isBetween(now() - 30, now() + 1);
        assertThat(Envelopes.verify(sent, SELF.keys().account())).isTrue();
        assertThat(decrypted(sent)).isEqualTo(empty ? "" : "ping");
        Backlog backlog = backlog(sent.getUid());
        assertThat(backlog.getReplyTo()).isEqualTo("answers");
        assertThat(backlog.hasReference()).isEqualTo(request.path("ref").isTextual());
        assertThat(backlog.getTtl()).isBetween(sent.getExpiration(), sent.getExpiration() + 2);
        assertThat(node.redis().ttl("msgbus.backlog." + sent.getUid()))
                .isBetween(backlog.getTtl() - 10, backlog.getTtl());
    }

    private static String decrypted(Envelope sent) {
        return new String(
                PayloadCipher.between(OTHER.encryption(), SELF.encryption().publicKey())
                        .decrypt(sent.getCipher().toByteArray()),
                StandardCharsets.UTF_8);
    }

    private Backlog backlog(String uid) throws IOException {
        try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.redisPort())) {
            byte[] kept =
                    client.connect(ByteArrayCodec.INSTANCE)
                            .sync()
                            .get(("msgbus.backlog." + uid).getBytes(StandardCharsets.UTF_8));
            return Backlog.parseFrom(kept);
        }
    }

    @Test
    void everyDestinationGetsAnEnvelopeOfTheSameUid() throws Exception {
        node.redis().rpush("msgbus.system.local", TestNode.request("c", "x", 2, 3, 2).toString());

        Envelope first = relay.nextSeen();
        Envelope second = relay.nextSeen();
        Envelope third = relay.nextSeen();

        assertThat(List.of(first.getUid(), second.getUid(), third.getUid()))
                .containsOnly(first.getUid());
        assertThat(
                        Stream.of(first, second, third)
                                .map(envelope -> envelope.getDestination().getTwin()))
                .containsExactlyInAnyOrder(2, 3, 2);
        assertThat(
                        Stream.of(first, second, third)
                                .filter(envelope -> envelope.getDestination().getTwin() == 3))
                .allMatch(Envelope::hasPlain);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("no version", "ver", null, 100),
                Arguments.of("another version", "ver", "2", 100),
                Arguments.of("no command", "cmd", null, 100),
                Arguments.of("empty destinations", "dst", "[]", 100),
                Arguments.of("no destinations", "dst", null, 100),
                Arguments.of("a text as destination", "dst", "[\"2\"]", 100),
                Arguments.of("a negative destination", "dst", "[-2]", 100),
                Arguments.of("a destination beyond u32", "dst", "[4294967296]", 100),
                Arguments.of("a text as expiration", "exp", "\"60\"", 100),
                Arguments.of("a negative expiration", "exp", "-1", 100),
                Arguments.of("a number as tag", "tag", "5", 100),
                Arguments.of("bad base64", "dat", "\"%%%\"", 101),
                Arguments.of("expired", "now", "1000", 102),
                Arguments.of("unknown twin", "dst", "[99]", 103),
                Arguments.of("twin 0", "dst", "[0]", 103),
                Arguments.of("a key that is none", "dst", "[4]", 106));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("refusals")
    void aRequestThatCannotBeSentIsAnsweredWithAnError(
            String name, String field, @Nullable String value, int code) throws Exception {
        ObjectNode request = TestNode.request("c", "x", 2);
        if (value == null) {
            request.remove(field);
        } else {
            request.set(field, TestNode.JSON.readTree(value));
        }

        node.push("msgbus.system.local", request);

        JsonNode answer = node.next("answers");
        assertThat(answer.get("err").get("code").intValue()).isEqualTo(code);
        assertThat(answer.get("err").get("message").textValue()).isNotEmpty();
        assertThat(answer.get("ref").textValue()).isEqualTo("my-ref");
        assertThat(answer.get("src").textValue()).isEmpty();
        assertThat(answer.get("now").longValue()).isZero();
        assertThat(answer.get("dat").textValue()).isEmpty();
        assertThat(answer.get("shm").isNull()).isTrue();
        assertThat(relay.unseen()).isZero();
    }

    @Test
    void whatIsNoMessageIsPassedOverAndTheNextIsSent() throws Exception {
        for (String garbage : List.of("", "{", "[1]", "\u0000\u0001", "{\"ver\":1}", "null")) {
            node.redis().lpush("msgbus.system.local", garbage);
            node.redis().lpush("msgbus.system.reply", garbage);
        }
        node.push("msgbus.system.local", TestNode.request("c", "x", 2));

        assertThat(relay.nextSeen().getRequest().getCommand()).isEqualTo("c");
    }

    private Envelope.Builder from(TestTwin source, String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setTimestamp(System.currentTimeMillis() / 1000)
                .setExpiration(60)
                .setSource(Address.newBuilder().setTwin((int) source.id()))
                .setDestination(Address.newBuilder().setTwin(1));
    }

    private static ByteString encrypted(String text) {
        return ByteString.copyFrom(
                PayloadCipher.between(OTHER.encryption(), SELF.encryption().publicKey())
                        .encrypt(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Request command(String command) {
        return Request.newBuilder().setCommand(command).build();
    }

    @Test
    void aReceivedRequestIsPutOnTheListOfItsCommand() throws Exception {
        Envelope request =
                from(OTHER, "uid-1")
                        .setSource(Address.newBuilder().setTwin(2).setConnection("laptop"))
                        .setTags("t")
                        .setSchema("text/plain")
                        .setRequest(command("calculator.add"))
                        .setCipher(encrypted("1+1"))
                        .build();
        relay.deliver(Envelopes.sign(request.toBuilder(), OTHER.keys()));

        JsonNode pushed = node.next("msgbus.calculator.add");

        assertThat(pushed)
                .isEqualTo(
                        TestNode.JSON.readTree(
                                """
                                {"ver":1,"ref":"uid-1","src":"2:laptop","cmd":"calculator.add",
                                 "exp":60,"dat":"%s","tag":"t","ret":"msgbus.system.reply",
                                 "shm":"text/plain","now":%d}
                                """
                                        .formatted(
                                                TestNode.base64("1+1"), request.getTimestamp())));
    }

    @Test
    void anAnswerGoesToTheAddressThatAsked() throws Exception {
        node.push(
                "msgbus.system.reply",
                TestNode.JSON
                        .createObjectNode()
                        .put("ver", 1)
                        .put("ref", "uid-7")
                        .put("dat", TestNode.base64("two"))
                        .put("dst", "2:laptop")
                        .put("shm", "text/plain")
                        .put("now", now()));

        Envelope sent = relay.nextSeen();

        assertThat(sent.getUid()).isEqualTo("uid-7");
        assertThat(sent.hasResponse()).isTrue();
        assertThat(sent.getDestination().getConnection()).isEqualTo("laptop");
        assertThat(sent.getSchema()).isEqualTo("text/plain");
        assertThat(sent.getExpiration()).isEqualTo(1800);
        assertThat(decrypted(sent)).isEqualTo("two");
    }

    @Test
    void theErrorsOfServicesPassThrough() throws Exception {
        ObjectNode answer =
                TestNode.JSON
                        .createObjectNode()
                        .put("ver", 1)
                        .put("ref", "uid-8")
                        .put("dat", "")
                        .put("dst", "2")
                        .put("now", now());
        answer.putObject("err").put("code", 255).put("message", "division by zero");
        node.push("msgbus.system.reply", answer);

        Envelope sent = relay.nextSeen();

        assertThat(sent.getError())
                .isEqualTo(Error.newBuilder().setCode(255).setMessage("division by zero").build());
    }

    /** Asks twin 2, and gives the uid. */
    private String asked() throws Exception {
        node.push("msgbus.system.local", TestNode.request("c", "x", 2));
        return relay.nextSeen().getUid();
    }

    @Test
    void anAnswerIsGivenToTheProgramThatAsked() throws Exception {
        String uid = asked();
        Envelope answer =
                from(OTHER, uid)
                        .setResponse(Response.getDefaultInstance())
                        .setSchema("text/plain")
                        .setCipher(encrypted("two"))
                        .build();
        relay.deliver(Envelopes.sign(answer.toBuilder(), OTHER.keys()));

        assertThat(node.next("answers"))
                .isEqualTo(
                        TestNode.JSON.readTree(
                                """
                                {"ver":1,"ref":"my-ref","dat":"%s","src":"2","shm":"text/plain",
                                 "now":%d,"err":null}
                                """
                                        .formatted(TestNode.base64("two"), answer.getTimestamp())));
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(OTHER, 255, "division by zero", "2"),
                Arguments.of(OTHER, 104, "invalid envelope signature", "2"),
                Arguments.of(null, 0, "unknown twin destination", "0"));
    }

    @ParameterizedTest(name = "{1} of {3}")
    @MethodSource("errors")
    void errorsOfTwinsAndRelaysComeWithTheirCode(
            @Nullable TestTwin source, int code, String text, String shown) throws Exception {
        String uid = asked();
        Error error = Error.newBuilder().setCode(code).setMessage(text).build();
        relay.deliver(
                source == null
                        ? Envelopes.relayError(
                                uid, dev.rmb.protocol.Address.of(1), code, text, now())
                        : Envelopes.sign(from(source, uid).setError(error), source.keys()));

        JsonNode answer = node.next("answers");

        assertThat(answer.get("src").textValue()).isEqualTo(shown);
        assertThat(answer.get("err").get("code").intValue()).isEqualTo(code);
        assertThat(answer.get("err").get("message").textValue()).isEqualTo(text);
        assertThat(answer.get("ref").textValue()).isEqualTo("my-ref");
    }

    @Test
    void onlyTheTwinThatWasAskedCanAnswer() throws Exception {
        String uid = asked();
        Response response = Response.getDefaultInstance();
        relay.deliver(
                Envelopes.sign(
                        from(PLAIN, uid)
                                .setResponse(response)
                                .setPlain(ByteString.copyFromUtf8("false")),
                        PLAIN.keys()));
        // Signed by somebody else than it says.
        relay.deliver(
                Envelopes.sign(
                        from(OTHER, uid)
                                .setResponse(response)
                                .setPlain(ByteString.copyFromUtf8("forged")),
                        PLAIN.keys()));
        relay.deliver(
                Envelopes.sign(
                        from(OTHER, uid)
                                .setResponse(response)
                                .setPlain(ByteString.copyFromUtf8("true")),
                        OTHER.keys()));

        assertThat(TestNode.text(node.next("answers"))).isEqualTo("true");
        assertThat(node.nextWithin("answers", Duration.ofMillis(200))).isNull();
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(
                bad("expired", 102, OTHER, OTHER, e -> e.setTimestamp(now() - 1000)),
                bad("an unknown twin", 103, TestTwin.of(98, KeyType.SR25519), OTHER, e -> {}),
                bad("another's signature", 104, OTHER, PLAIN, e -> {}),
                bad(
                        "encrypted without a key",
                        105,
                        PLAIN,
                        PLAIN,
                        e -> e.setCipher(ByteString.copyFrom(new byte[40]))),
                bad(
                        "what cannot be decrypted",
                        106,
                        OTHER,
                        OTHER,
                        e -> e.setCipher(ByteString.copyFrom(new byte[40]))),
                bad(
                        "a short cipher",
                        106,
                        OTHER,
                        OTHER,
                        e -> e.setCipher(ByteString.copyFrom(new byte[3]))),
                bad(
                        "the peer's own list",
                        100,
                        OTHER,
                        OTHER,
                        e -> e.setRequest(command("system.local"))),
                bad(
                        "the peer's own keys",
                        100,
                        OTHER,
                        OTHER,
                        e -> e.setRequest(command("backlog.x"))),
                bad("no command", 100, OTHER, OTHER, e -> e.setRequest(command(""))));
    }

    private static Arguments bad(
            String name,
            int code,
            TestTwin source,
            TestTwin signer,
            Consumer<Envelope.Builder> change) {
        return Arguments.of(name, code, source, signer, change);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badRequests")
    void aRequestThatCannotBeTrustedIsAnsweredWithAnErrorAndReachesNoList(
            String name,
            int code,
            TestTwin source,
            TestTwin signer,
            Consumer<Envelope.Builder> change)
            throws Exception {
        Envelope.Builder request =
                from(source, "uid-bad")
                        .setRequest(command("c"))
                        .setPlain(ByteString.copyFromUtf8("x"));
        change.accept(request);
        relay.deliver(Envelopes.sign(request, signer.keys()));

        if (code == 103) {
            // Nobody knows where to send the answer; what matters is the list.
            assertThat(node.nextWithin("msgbus.c", Duration.ofMillis(300))).isNull();
            return;
        }
        Envelope answer = relay.nextSeen();
        assertThat(answer.getUid()).isEqualTo("uid-bad");
        assertThat(answer.getError().getCode()).isEqualTo(code);
        assertThat(answer.getDestination().getTwin()).isEqualTo((int) source.id());
        assertThat(node.redis().exists("msgbus.c", "msgbus.system.local", "msgbus.backlog.x"))
                .isZero();
    }

    @Test
    void listsAreTrimmedToTenThousand() throws Exception {
        for (int i = 0; i < 100; i++) {
            node.redis()
                    .lpush(
                            "msgbus.c",
                            Stream.generate(() -> "old").limit(100).toArray(String[]::new));
        }
        relay.deliver(Envelopes.sign(from(OTHER, "newest").setRequest(command("c")), OTHER.keys()));

        org.awaitility.Awaitility.await()
                .until(() -> !node.redis().lrange("msgbus.c", 0, 0).equals(List.of("old")));
        org.awaitility.Awaitility.await().until(() -> node.redis().llen("msgbus.c") == 10_000);
    }

    @Test
    void theBuiltInCommandTellsTheVersion() throws Exception {
        relay.deliver(
                Envelopes.sign(
                        from(OTHER, "uid-v").setRequest(command("rmb.version")), OTHER.keys()));

        Envelope answer = relay.nextSeen();

        assertThat(answer.getUid()).isEqualTo("uid-v");
        assertThat(answer.getSchema()).isEqualTo("application/json");
        assertThat(decrypted(answer)).isEqualTo("\"1.2.3\"");
    }
}
