package dev.rmb.gateway;

import static dev.rmb.gateway.TestGateway.ALICE;
import static dev.rmb.gateway.TestGateway.BOB;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.bans.Ban;
import dev.rmb.cluster.bans.BanTarget;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Error;
import dev.rmb.proto.Ping;
import dev.rmb.proto.Pong;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.DirectoryException;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code POST /}: what other relays bring. */
final class FederationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Lives on another relay. */
    private static final TestTwin CAROL = new TestTwin(3);

    private static final KeyPair CAROLS = CAROL.key;
    private static final InMemoryTwins TWINS =
            InMemoryTwins.of(
                    ALICE.record(),
                    BOB.record(),
                    new Twin(CAROL.id, CAROLS.account(), "elsewhere.test", null));

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void whatIsSignedByItsSourceIsTakenIntoTheLogAsItCame(KeyType type) throws Exception {
        KeyPair key = KeyPair.of(type, "0x%064x".formatted(77));
        var twins =
                InMemoryTwins.of(
                        BOB.record(), new Twin(CAROL.id, key.account(), "elsewhere.test", null));
        try (var gateway = new TestGateway("", twins)) {
            byte[] envelope = Envelopes.sign(carolsRequest("u1"), key).toByteArray();

            Peer.Answer answer = post(gateway, envelope);

            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.body()).isEmpty();
            assertThat(gateway.log.accepted()).singleElement().isEqualTo(envelope);
            assertThat(gateway.log.kinds()).containsExactly(RecordHeader.Kind.FEDERATED);
            assertThat(answers(gateway, "accepted")).isEqualTo(1);
            assertThat(gateway.counter("relay_message_rx")).isEqualTo(1);
        }
    }

    @Test
    void oneConnectionBringsOneAfterTheOther() throws Exception {
        try (var gateway = new TestGateway("", TWINS);
                var relay = Peer.silent(gateway.address())) {
            List<String> uids = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                uids.add("u" + i);
                relay.raw(request(signed(carolsRequest("u" + i))));
                assertThat(relay.answer().status()).isEqualTo(202);
            }
            relay.raw(chunked(signed(carolsRequest("last"))));
            assertThat(relay.answer().status()).isEqualTo(202);
            uids.add("last");

            assertThat(Gateways.acceptedUids(gateway)).isEqualTo(uids);
        }
    }

    @Test
    void whatWillNeverBeTakenIsRefusedForGood() throws Exception {
        try (var gateway = new TestGateway("", TWINS)) {
            expect(gateway, new byte[0], 400, "empty body");
            expect(gateway, new byte[] {1, 2, 3}, 400, "not an envelope");
            refused(gateway, b -> b.clearDestination(), 400, "message with missing destination");
            refused(
                    gateway,
                    b -> b.setDestination(dev.rmb.proto.Address.newBuilder().setConnection("x")),
                    400,
                    "message with missing destination");
            refused(gateway, b -> b.clearSource(), 400, "message with missing source");
            refused(
                    gateway,
                    b -> b.setPing(Ping.getDefaultInstance()),
                    400,
                    "pings and pongs do not go from relay to relay");
            refused(
                    gateway,
                    b -> b.setPong(Pong.getDefaultInstance()),
                    400,
                    "pings and pongs do not go from relay to relay");
            refused(
                    gateway,
                    b -> b.setTimestamp(now() - 3_600).setExpiration(60),
                    400,
                    "message has expired");
            refused(gateway, b -> b.setTimestamp(0), 400, "message has expired");
            refused(
                    gateway,
                    b -> b.setTimestamp(now() + 3_600),
                    400,
                    "the timestamp is in the future");
            refused(gateway, b -> b.setTimestamp(-1), 400, "the timestamp is in the future");
            refused(gateway, b -> b.setExpiration(-1), 400, "the expiration is absurd");
            refused(gateway, b -> b.setDestination(to(99)), 421, "unknown twin destination");
            refused(gateway, b -> b.setDestination(to(CAROL.id)), 421, "twin is not of this relay");
            refused(gateway, b -> b.setSource(to(99)), 403, "unknown twin source");

            assertThat(gateway.log.accepted()).isEmpty();
        }
    }

    @Test
    void nobodySpeaksInAnothersName() throws Exception {
        try (var gateway = new TestGateway("", TWINS)) {
            Envelope.Builder honest = carolsRequest("u");
            Envelope signed = Envelopes.sign(honest, CAROLS);
            byte[] other = signed.getSignature().toByteArray();
            other[10] ^= 1;

            List<Envelope> forged =
                    List.of(
                            honest.build(),
                            Envelopes.sign(honest, BOB.key),
                            signed.toBuilder().setUid("v").build(),
                            signed.toBuilder().setExpiration(61).build(),
                            signed.toBuilder().setSource(to(ALICE.id)).build(),
                            signed.toBuilder().setSource(to(CAROL.id).setConnection("x")).build(),
                            signed.toBuilder().setDestination(to(ALICE.id)).build(),
                            signed.toBuilder().setSignature(ByteString.copyFrom(other)).build(),
                            signed.toBuilder()
                                    .setSignature(signed.getSignature().substring(1))
                                    .build());
            for (Envelope each : forged) {
                expect(gateway, each.toByteArray(), 403, "wrong signature");
            }
            assertThat(gateway.log.accepted()).isEmpty();
            assertThat(answers(gateway, "wrong_signature")).isEqualTo(forged.size());
        }
    }

    @Test
    void withoutVerificationTheSignatureDoesNotMatterAndTheSourceStillDoes() throws Exception {
        try (var gateway = new TestGateway("federation: {verify: off}", TWINS)) {
            expect(gateway, carolsRequest("u").build().toByteArray(), 202, "");
            refused(gateway, b -> b.setSource(to(99)), 403, "unknown twin source");
            refused(gateway, b -> b.clearSource(), 400, "message with missing source");
        }
    }

    @Test
    void errorsThatARelayMadeAreTakenOnlyWhereThatIsSet() throws Exception {
        byte[] error =
                Envelopes.relayError(
                                "u", new Address(BOB.id, null), 0, "message has expired", now())
                        .toByteArray();
        try (var gateway = new TestGateway("", TWINS)) {
            expect(gateway, error, 400, "errors of other relays are not taken");
        }
        try (var gateway = new TestGateway("federation: {relayErrors: true}", TWINS)) {
            expect(gateway, error, 202, "");
            Envelope.Builder relays = Envelope.parseFrom(error).toBuilder();
            expect(
                    gateway,
                    relays.clone().setUid("").build().toByteArray(),
                    400,
                    "errors of other relays are not taken");
            expect(
                    gateway,
                    relays.clone()
                            .setError(Error.newBuilder().setMessage("x".repeat(20_000)))
                            .build()
                            .toByteArray(),
                    400,
                    "errors of other relays are not taken");
            expect(
                    gateway,
                    relays.clone()
                            .setSource(dev.rmb.proto.Address.newBuilder().setConnection("c"))
                            .build()
                            .toByteArray(),
                    400,
                    "message with missing source");
            expect(
                    gateway,
                    relays.clone().setDestination(to(CAROL.id)).build().toByteArray(),
                    421,
                    "twin is not of this relay");
            // What claims a source needs its signature, an error like anything else.
            expect(
                    gateway,
                    relays.clone().setSource(to(CAROL.id)).build().toByteArray(),
                    403,
                    "wrong signature");
        }
    }

    @Test
    void aSendersClockMayBeWrongByMinutes() throws Exception {
        try (var gateway = new TestGateway("", TWINS)) {
            expect(gateway, signed(carolsRequest("a").setTimestamp(now() - 500)), 202, "");
            expect(gateway, signed(carolsRequest("b").setTimestamp(now() + 500)), 202, "");
        }
        try (var gateway = new TestGateway("federation: {clockSkew: 10s}", TWINS)) {
            expect(
                    gateway,
                    signed(carolsRequest("a").setTimestamp(now() - 500)),
                    400,
                    "message has expired");
            expect(
                    gateway,
                    signed(carolsRequest("b").setTimestamp(now() + 500)),
                    400,
                    "the timestamp is in the future");
        }
    }

    @Test
    void bannedTwinsAndAddressesAreRefused() throws Exception {
        try (var gateway = new TestGateway("", TWINS)) {
            gateway.bans.put(ban("twin:3"));
            expect(gateway, signed(carolsRequest("u")), 403, "banned");
            gateway.bans.put(ban("remote:127.0.0.1"));
            expect(gateway, signed(carolsRequest("u")), 403, "banned");
            assertThat(gateway.log.accepted()).isEmpty();
        }
    }

    @Test
    void whatIsTooMuchMayComeAgainLater() throws Exception {
        for (String limit : List.of("perRemote: {messages: 3}", "perTwin: {messages: 3}")) {
            try (var gateway = new TestGateway("federation: {" + limit + "}", TWINS)) {
                int later = 0;
                // A minute may end between them.
                for (int i = 0; i < 7; i++) {
                    byte[] envelope = signed(carolsRequest("u" + i));
                    Peer.Answer answer =
                            i % 2 == 0 ? post(gateway, envelope) : ask(gateway, chunked(envelope));
                    if (answer.status() == 503) {
                        later++;
                        assertThat(answer.body()).isEqualTo("exceeded rate limits, try again");
                        assertThat(retryAfter(answer)).isBetween(1L, 60L);
                    }
                }
                assertThat(later).as(limit).isPositive();
                assertThat(answers(gateway, "rate_limited")).isEqualTo(later);
            }
        }
    }

    @Test
    void behindAProxyEachRelayHasItsOwnLimitAndItsOwnBan() throws Exception {
        String settings =
                """
                trustedProxies: [127.0.0.1/32]
                federation: {perRemote: {messages: 1}}
                """;
        try (var gateway = new TestGateway(settings, TWINS)) {
            gateway.bans.put(ban("remote:192.0.2.0/28"));
            List<Integer> statuses = new ArrayList<>();
            for (String from : List.of("192.0.2.1", "192.0.2.77", "192.0.2.78")) {
                String header = "X-Forwarded-For: " + from + "\r\n";
                byte[] body = signed(carolsRequest("u"));
                byte[] head = head(header + "Content-Length: " + body.length);
                statuses.add(ask(gateway, concat(head, body)).status());
            }

            assertThat(statuses).containsExactly(403, 202, 202);
        }
    }

    @Test
    void forgedMessagesUseUpNothingOfTheTwinTheyName() throws Exception {
        try (var gateway = new TestGateway("federation: {perTwin: {messages: 1}}", TWINS)) {
            for (int i = 0; i < 5; i++) {
                expect(gateway, carolsRequest("f").build().toByteArray(), 403, "wrong signature");
            }
            expect(gateway, signed(carolsRequest("u")), 202, "");
        }
    }

    @Test
    void tooBigABodyIsRefusedBeforeItIsRead() throws Exception {
        try (var gateway = new TestGateway("federation: {maxMessage: 1KiB}", TWINS)) {
            try (var relay = Peer.silent(gateway.address())) {
                relay.raw(head("Content-Length: 1025"));
                assertThat(relay.answer()).matches(a -> a.status() == 413, "too big");
            }
            try (var relay = Peer.silent(gateway.address())) {
                relay.raw(head("Transfer-Encoding: chunked"));
                relay.raw(("401\r\n" + "x".repeat(0x401)).getBytes(ISO_8859_1));
                assertThat(relay.answer()).matches(a -> a.status() == 413, "too big");
            }
        }
    }

    @Test
    void whatNothingCouldEverHoldIsRefusedForGood() throws Exception {
        String little = "federation: {maxMessage: 1KiB, inFlight: 4KiB, perRemote: {size: 2KiB}}";
        try (var gateway = new TestGateway(little, TWINS)) {
            for (String length : List.of("5000", "9223372036854775807")) {
                try (var relay = Peer.silent(gateway.address())) {
                    relay.raw(head("Content-Length: " + length));
                    assertThat(relay.answer()).matches(a -> a.status() == 413, "too big");
                }
            }
        }
    }

    @Test
    void aBodyThatTakesTooLongMayComeAgain() throws Exception {
        try (var gateway = new TestGateway("http: {bodyTimeout: 100ms}", TWINS);
                var relay = Peer.silent(gateway.address())) {
            relay.raw(head("Content-Length: 100"));
            relay.raw(new byte[] {1});

            Peer.Answer answer = relay.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("the body took too long");
        }
    }

    @Test
    void thereIsNoSuchPageWhereItIsOff() throws Exception {
        try (var gateway = new TestGateway("federation: {enabled: false}", TWINS)) {
            expect(gateway, signed(carolsRequest("u")), 404, "page not found");
        }
    }

    @Test
    void nothingIsConfirmedThatTheLogDoesNotHave() throws Exception {
        try (var gateway = new TestGateway("", TWINS);
                var relay = Peer.silent(gateway.address())) {
            gateway.log.stall();
            relay.raw(request(signed(carolsRequest("u"))));
            await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);
            assertThat(answers(gateway, "accepted")).isZero();
            assertThat(held(gateway)).isPositive();
            gateway.log.giveUp();
            assertThat(relay.answer())
                    .matches(a -> a.status() == 503)
                    .matches(a -> a.body().equals("not confirmed, may still arrive"));
            assertThat(held(gateway)).isZero();

            gateway.log.go();
            gateway.log.refuse(true);
            relay.raw(request(signed(carolsRequest("u"))));
            assertThat(relay.answer())
                    .matches(a -> a.status() == 503)
                    .matches(a -> a.body().equals("relay busy, try again"))
                    .matches(a -> retryAfter(a) > 0);
        }
    }

    @Test
    void whileTheLogTakesNothingNoMoreIsRead() throws Exception {
        try (var gateway = new TestGateway("loops: 1\naccept: {inFlight: 64KiB}", TWINS)) {
            gateway.log.stall();
            byte[] large =
                    signed(carolsRequest("u").setPlain(ByteString.copyFrom(new byte[70_000])));
            try (var relay = Peer.silent(gateway.address());
                    var other = Peer.silent(gateway.address())) {
                relay.raw(request(large));
                await().atMost(PATIENCE).until(() -> gateway.log.underWay() == 1);

                other.raw(head("Content-Length: 16000000"));
                assertThat(other.answer())
                        .matches(a -> a.status() == 503)
                        .matches(a -> a.body().equals("relay busy, try again"));
                assertThat(other.ends()).isTrue();
                gateway.log.go();
                assertThat(relay.answer().status()).isEqualTo(202);
            }
            expect(gateway, signed(carolsRequest("v")), 202, "");
        }
    }

    @Test
    void aDrainingGatewaySendsRelaysElsewhere() throws Exception {
        try (var gateway = new TestGateway("drain: {period: 10s}", TWINS);
                var alice = gateway.connect(ALICE)) {
            assertThat(alice).isNotNull();
            gateway.gateway.drain();
            await().atMost(PATIENCE)
                    .until(() -> post(gateway, signed(carolsRequest("u"))).status() == 503);
            Peer.Answer answer = post(gateway, signed(carolsRequest("u")));
            assertThat(answer.body()).isEqualTo("draining");
        }
    }

    @Test
    void aDirectoryThatCannotTellIsAskedAgainLater() throws Exception {
        var directory = new Switchable(TWINS);
        try (var gateway = new TestGateway("federation: {lookUpTimeout: 300ms}", directory)) {
            directory.fails = true;
            expect(gateway, signed(carolsRequest("u")), 503, "the twin could not be looked up");
            directory.fails = false;
            directory.hangs = true;
            expect(gateway, signed(carolsRequest("u")), 503, "the twin could not be looked up");
            directory.hangs = false;
            expect(gateway, signed(carolsRequest("u")), 202, "");
        }
    }

    @Test
    void whatIsInMemoryIsDoubtedOnceBeforeAMessageIsRefusedForIt() throws Exception {
        var stale = InMemoryTwins.of(new Twin(BOB.id, BOB.key.account(), "former.test", null));
        var directory = new Switchable(stale);
        directory.fresh = TWINS;
        try (var gateway = new TestGateway("", directory)) {
            expect(gateway, signed(carolsRequest("u")), 202, "");
            assertThat(directory.refreshes).hasValue(2);
        }
        directory.fresh = stale;
        directory.refreshes.set(0);
        try (var gateway = new TestGateway("", directory)) {
            for (int i = 0; i < 5; i++) {
                expect(gateway, signed(carolsRequest("u")), 421, "twin is not of this relay");
            }
            assertThat(directory.refreshes).hasValue(1);
        }
    }

    @Test
    void whatTheDirectoryHadToAskForIsNotAskedForAgain() throws Exception {
        var directory = new Switchable(TWINS);
        directory.isFar = true;
        try (var gateway = new TestGateway("", directory)) {
            refused(gateway, b -> b.setDestination(to(CAROL.id)), 421, "twin is not of this relay");
            assertThat(directory.refreshes).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Whereabouts.class)
    void failFastIsForWhoIsConnectedAsTheOwnerKnows(Whereabouts known) throws Exception {
        try (var gateway = new TestGateway("", TWINS);
                var relay = Peer.silent(gateway.address())) {
            claim(gateway, TestGateway.partition(BOB));
            relay.raw(request(signed(carolsRequest("u").setTags("a, fail-fast"))));
            GatewayMessage.Asked asked =
                    gateway.router.await(GatewayMessage.Asked.class, _ -> true);
            assertThat(asked.address()).isEqualTo(new Address(BOB.id, null));
            assertThat(asked.partition()).isEqualTo(TestGateway.partition(BOB));
            gateway.router.send(
                    new RouterMessage.Answered(
                            asked.partition(), asked.epoch(), asked.question(), known));

            Peer.Answer answer = relay.answer();
            assertThat(answer.status())
                    .isEqualTo(
                            switch (known) {
                                case CONNECTED -> 202;
                                case OFFLINE -> 404;
                                case UNKNOWN -> 503;
                            });
            if (known == Whereabouts.OFFLINE) {
                assertThat(answer.body()).isEqualTo("destination offline");
            }
        }
    }

    /** Returns when the gateway follows the claim and would ask its owner. */
    private static void claim(TestGateway gateway, int partition) {
        long epoch = gateway.claimAll();
        gateway.router.await(
                GatewayMessage.Snapshot.class,
                s -> s.epoch() == epoch && s.partition() == partition);
    }

    @Test
    void anOwnerThatIsNotThereOrSilentIsAskedAgainLater() throws Exception {
        byte[] failFast = signed(carolsRequest("u").setTags("fail-fast"));
        try (var gateway = new TestGateway("links: {answerTimeout: 100ms}", TWINS)) {
            expect(gateway, failFast, 503, "not known yet whether the destination is connected");
            claim(gateway, TestGateway.partition(BOB));
            expect(gateway, failFast, 503, "not known yet whether the destination is connected");
            assertThat(gateway.router.heard(GatewayMessage.Asked.class)).hasSize(1);
            assertThat(gateway.counter("rmb_gateway_questions_unanswered_total")).isEqualTo(2);
        }
    }

    @Test
    void whoIsConnectedHereNeedsNoQuestion() throws Exception {
        try (var gateway = new TestGateway("", TWINS);
                var bob = gateway.connect(BOB)) {
            assertThat(bob).isNotNull();
            gateway.claimAll();
            gateway.router.awaitPresent(TestGateway.address(BOB));
            expect(gateway, signed(carolsRequest("u").setTags("fail-fast")), 202, "");
            assertThat(gateway.router.heard(GatewayMessage.Asked.class)).isEmpty();
        }
    }

    private static Ban ban(String target) {
        return new Ban(BanTarget.parse(target), "a test", Instant.now(), null);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static Envelope.Builder carolsRequest(String uid) {
        return CAROL.request(BOB, uid).toBuilder().setTimestamp(now());
    }

    private static dev.rmb.proto.Address.Builder to(long twin) {
        return dev.rmb.proto.Address.newBuilder().setTwin((int) twin);
    }

    private static byte[] signed(Envelope.Builder envelope) {
        return Envelopes.sign(envelope, CAROLS).toByteArray();
    }

    /** All but one thing is right about it. */
    private static void refused(
            TestGateway gateway, UnaryOperator<Envelope.Builder> wrong, int status, String text)
            throws IOException {
        expect(gateway, signed(wrong.apply(carolsRequest("u"))), status, text);
    }

    private static void expect(TestGateway gateway, byte[] body, int status, String text)
            throws IOException {
        Peer.Answer answer = post(gateway, body);
        assertThat(answer.body()).isEqualTo(text);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(retryAfter(answer) > 0).isEqualTo(status == 503);
    }

    private static Peer.Answer post(TestGateway gateway, byte[] body) throws IOException {
        return ask(gateway, request(body));
    }

    private static Peer.Answer ask(TestGateway gateway, byte[] request) throws IOException {
        try (var relay = Peer.silent(gateway.address())) {
            relay.raw(request);
            return relay.answer();
        }
    }

    private static byte[] request(byte[] body) {
        return concat(head("Content-Length: " + body.length), body);
    }

    private static byte[] chunked(byte[] body) {
        byte[] size = (Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1);
        byte[] end = "\r\n0\r\n\r\n".getBytes(ISO_8859_1);
        return concat(concat(head("Transfer-Encoding: chunked"), size), concat(body, end));
    }

    private static byte[] head(String header) {
        return ("POST / HTTP/1.1\r\nHost: relay\r\n" + header + "\r\n\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = new byte[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static long retryAfter(Peer.Answer answer) {
        return answer.headers().stream()
                .filter(h -> h.startsWith("retry-after: "))
                .mapToLong(h -> Long.parseLong(h.substring("retry-after: ".length())))
                .findFirst()
                .orElse(0);
    }

    private static long answers(TestGateway gateway, String answer) {
        return gateway.counter("rmb_gateway_federated_total{answer=\"" + answer + "\"}");
    }

    private static long held(TestGateway gateway) {
        return LoopbackGateway.gauge(gateway.metrics, "rmb_gateway_federated_held_bytes");
    }

    /** A directory in the test's hands: what it remembers, and what it finds when asked anew. */
    private static final class Switchable implements TwinDirectory {
        private final TwinDirectory remembered;
        private volatile TwinDirectory fresh;
        private volatile boolean fails;
        private volatile boolean hangs;
        private volatile boolean isFar;
        private final AtomicInteger refreshes = new AtomicInteger();

        Switchable(TwinDirectory remembered) {
            this.remembered = remembered;
            this.fresh = remembered;
        }

        @Override
        public CompletionStage<Optional<Twin>> byId(long id) {
            if (fails) {
                return CompletableFuture.failedStage(DirectoryException.retryable("away", null));
            }
            if (hangs) {
                return new CompletableFuture<>();
            }
            return isFar
                    ? remembered
                            .byId(id)
                            .toCompletableFuture()
                            .thenApplyAsync(
                                    found -> found,
                                    CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS))
                    : remembered.byId(id);
        }

        @Override
        public CompletionStage<Optional<Twin>> byIdAnew(long id) {
            refreshes.incrementAndGet();
            return fresh.byId(id);
        }

        @Override
        public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
            return remembered.byAccount(account);
        }

        @Override
        public void close() {}
    }
}
