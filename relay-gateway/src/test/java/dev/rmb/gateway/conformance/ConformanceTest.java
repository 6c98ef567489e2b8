package dev.rmb.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.rmb.gateway.LoopbackGateway;
import dev.rmb.gateway.TestTwin;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that hold on every transport. Each test uses addresses of its own. */
@Tag("conformance")
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConformanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Part of names, so that what an earlier run left behind at a relay comes to nobody here. */
    private final String run = "-" + Long.toHexString(System.nanoTime());

    private final Dialect dialect;
    private RelayUnderTest relay;

    ConformanceTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeAll
    void start() throws IOException {
        relay = RelayUnderTest.start();
        assumeTrue(dialect.isServed(relay), "it is not known where this transport is served");
    }

    @AfterAll
    void stop() {
        relay.close();
    }

    final RelayUnderTest relay() {
        return relay;
    }

    @Test
    void whoShowsNoTokenIsRefused() throws IOException {
        expectRefusal(dialect.refused(relay, null), 400, "missing jwt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "a.b.c", "eyJhbGciOiJSUzUxMiJ9.e30.AAAA"})
    void whatIsNoTokenIsRefused(String token) throws IOException {
        Dialect.Refusal refusal = dialect.refused(relay, token);

        assertThat(refusal.text()).doesNotContain("Exception");
        expectStatus(refusal, 401);
    }

    @Test
    void anExpiredTokenIsRefused() throws IOException {
        expectStatus(dialect.refused(relay, relay.alice.expiredToken()), 401);
    }

    @Test
    void aTokenOfAnotherKeyIsRefused() throws IOException {
        String forged = new TestTwin(relay.alice.id, 99).token("forged");

        expectStatus(dialect.refused(relay, forged), 401);
    }

    @Test
    void somethingBehindTheTokenMakesItInvalid() throws IOException {
        expectStatus(dialect.refused(relay, relay.alice.token("more") + "&x=1"), 401);
    }

    @Test
    void anUnknownTwinIsNamed() throws IOException {
        expectRefusal(
                dialect.refused(relay, new TestTwin(404).token("unknown")),
                401,
                "twin not found 404");
    }

    @Test
    void envelopesArriveByteForByteAndInOrder() throws IOException {
        try (var alice = connect(relay.alice, "order");
                var bob = connect(relay.bob, "order")) {
            for (int i = 0; i < 50; i++) {
                alice.send(request("order", "m" + i));
            }
            byte[] last = request("order", "last").toByteArray();
            // Field 1000, varint 1: nobody knows it, and nobody may drop it.
            byte[] unknown = Arrays.copyOf(last, last.length + 4);
            System.arraycopy(
                    new byte[] {(byte) 0xC0, 0x3E, (byte) 0x81, 0}, 0, unknown, last.length, 4);
            alice.send(unknown);

            for (int i = 0; i < 50; i++) {
                assertThat(bob.nextEnvelope()).isEqualTo(request("order", "m" + i));
            }
            assertThat(bob.next()).isEqualTo(unknown);
        }
    }

    @Test
    void aLargeEnvelopeArrives() throws IOException {
        try (var alice = connect(relay.alice, "large");
                var bob = connect(relay.bob, "large")) {
            Envelope large =
                    request("large", "large").toBuilder()
                            .setPlain(ByteString.copyFrom(new byte[1 << 20]))
                            .build();
            alice.send(large);

            assertThat(bob.nextEnvelope()).isEqualTo(large);
        }
    }

    @Test
    void anAbsentConnectionAndAnEmptyOneAreTwoAddresses() throws IOException {
        try (var alice = connect(relay.alice, "empty");
                var unnamed = connect(relay.bob, null);
                var empty = connect(relay.bob, "")) {
            alice.send(to(request("empty", "for the empty one"), relay.bob.address("")));
            alice.send(to(request("empty", "for the unnamed one"), relay.bob.address(null)));

            assertThat(empty.nextEnvelope().getUid()).isEqualTo("for the empty one");
            assertThat(unnamed.nextEnvelope().getUid()).isEqualTo("for the unnamed one");
        }
    }

    @Test
    void aRequestFromAWrongSourceIsRefusedAndTheClientStays() throws IOException {
        try (var alice = connect(relay.alice, "source");
                var bob = connect(relay.bob, "source")) {
            Envelope wrong =
                    request("source", "r1").toBuilder()
                            .setSource(relay.alice.address(named("other")))
                            .build();

            assertThat(alice.refusalOf(wrong)).isEqualTo("message wrong source");
            alice.send(request("source", "r2"));
            assertThat(bob.nextEnvelope().getUid()).isEqualTo("r2");
        }
    }

    @Test
    void aRequestWithoutDestinationIsRefused() throws IOException {
        try (var alice = connect(relay.alice, "nowhere")) {
            assertThat(alice.refusalOf(to(request("nowhere", "r1"), Address.getDefaultInstance())))
                    .isEqualTo("message with missing destination");
        }
    }

    @Test
    void anApplicationPingIsAnsweredBehindWhatWasSentBefore() throws IOException {
        try (var alice = connect(relay.alice, "ping");
                var bob = connect(relay.bob, "ping")) {
            alice.send(request("ping", "before"));
            alice.send(ping("ping", "p1").setSignature(ByteString.copyFromUtf8("sig")).build());
            Envelope pong = alice.nextEnvelope();

            assertThat(pong.hasPong()).isTrue();
            assertThat(pong.getUid()).isEqualTo("p1");
            assertThat(pong.getPlain().toStringUtf8()).isEqualTo("hello world");
            assertThat(pong.getDestination()).isEqualTo(relay.alice.address(named("ping")));
            assertThat(pong.getSignature().toStringUtf8()).isEqualTo("sig");
            assertThat(bob.nextEnvelope().getUid()).isEqualTo("before");
        }
    }

    @Test
    void anApplicationPingFromAWrongSourceIsIgnored() throws IOException {
        try (var alice = connect(relay.alice, "wrong ping")) {
            alice.send(ping("other", "wrong").build());
            alice.send(ping("wrong ping", "right").build());

            assertThat(alice.nextEnvelope().getUid()).isEqualTo("right");
        }
    }

    @Test
    void bytesThatAreNoEnvelopeEndIt() throws IOException {
        try (var alice = connect(relay.alice, "garbage")) {
            alice.send(new byte[] {(byte) 0xFF});

            assertThat(alice.ending()).isEqualTo(dialect.notAnEnvelope());
        }
    }

    @Test
    void anEmptyMessageIsIgnored() throws IOException {
        try (var alice = connect(relay.alice, "nothing")) {
            alice.send(new byte[0]);
            alice.send(ping("nothing", "p1").build());

            assertThat(alice.nextEnvelope().getUid()).isEqualTo("p1");
        }
    }

    @Test
    void aMessageAboveSixteenMebibytesEndsIt() throws IOException {
        try (var alice = connect(relay.alice, "too big")) {
            alice.sendTooMuch();

            assertThat(alice.ending()).isEqualTo(dialect.tooBig());
        }
    }

    @Test
    void pingsOfTheTransportAreAnswered() throws IOException {
        try (var alice = connect(relay.alice, "alive")) {
            Optional<String> answer = alice.ping();

            assumeTrue(answer.isPresent(), "this transport has no pings");
            assertThat(answer).contains("are you there?");
        }
    }

    @Test
    void aNewerConnectionReplacesTheOlderAndLives() throws IOException {
        try (var alice = connect(relay.alice, "replaced");
                var older = connect(relay.bob, "replaced");
                var newer = connect(relay.bob, "replaced")) {
            assertThat(older.ending()).isEqualTo(dialect.replaced());

            alice.send(request("replaced", "after"));
            assertThat(newer.nextEnvelope().getUid()).isEqualTo("after");
        }
    }

    @Test
    void whatWasConfirmedDoesNotComeAgainAndWhatWasNotDoes() throws IOException {
        try (var alice = connect(relay.alice, "again")) {
            try (var bob = connect(relay.bob, "again")) {
                alice.send(request("again", "confirmed"));
                assertThat(bob.nextEnvelope().getUid()).isEqualTo("confirmed");
                bob.confirm();
                relay.own()
                        .ifPresent(own ->
                                await().atMost(PATIENCE)
                                        .until(() -> own.unconfirmed(bobs("again")) == 0));
                bob.confirmNothing();
                alice.send(request("again", "not confirmed"));
                assertThat(bob.nextEnvelope().getUid()).isEqualTo("not confirmed");
            }
            try (var bob = connect(relay.bob, "again")) {
                assertThat(bob.nextEnvelope().getUid()).isEqualTo("not confirmed");
            }
        }
    }

    @Test
    void whatIsNoRequestIsRefusedWithoutAnAnswer() throws IOException {
        try (var alice = connect(relay.alice, "response")) {
            Envelope response =
                    relay.alice.response(relay.bob, "r1").toBuilder()
                            .setSource(relay.alice.address(named("other")))
                            .build();
            alice.send(response);
            alice.send(ping("response", "p1").build());

            assertThat(alice.nextEnvelope().getUid()).isEqualTo("p1");
        }
    }

    @Test
    void whatIsSentToAnAbsentAddressWaitsForIt() throws IOException {
        try (var alice = connect(relay.alice, "absent")) {
            alice.send(request("absent", "r1"));
            alice.send(ping("absent", "p1").build());
            assertThat(alice.nextEnvelope().getUid()).isEqualTo("p1");
        }
        try (var bob = connect(relay.bob, "absent")) {
            assertThat(bob.nextEnvelope().getUid()).isEqualTo("r1");
        }
    }

    @Test
    void aRequestThatWantsToFailFastIsToldThatItsDestinationIsOffline() throws IOException {
        assumeTrue(relay.own().isEmpty(), "needs a router");
        try (var alice = connect(relay.alice, "fail fast")) {
            Envelope request =
                    request("fail fast", "r1").toBuilder().setTags("a,fail-fast").build();
            alice.send(request);

            assertThat(ErrorEnvelopes.textOf(alice.nextEnvelope(), request))
                    .isEqualTo("destination offline");
        }
    }

    @Test
    void aRequestToAnUnknownTwinIsToldSo() throws IOException {
        assumeTrue(relay.own().isEmpty(), "needs a router");
        try (var alice = connect(relay.alice, "unknown")) {
            Envelope request = to(request("unknown", "r1"), new TestTwin(404).address(null));
            alice.send(request);

            assertThat(ErrorEnvelopes.textOf(alice.nextEnvelope(), request))
                    .isEqualTo("unknown twin destination");
        }
    }

    @Test
    void aSilentClientIsDropped() throws IOException {
        assumeTrue(relay.own().isPresent(), "takes a minute and more with the usual settings");
        try (var impatient = RelayUnderTest.startImpatient();
                var bob = dialect.connect(impatient, relay.bob.token("silent"))) {
            LoopbackGateway own = impatient.own().orElseThrow();
            var address = new dev.rmb.protocol.Address(relay.bob.id, "silent");
            bob.fallSilent();

            await().atMost(PATIENCE)
                    .until(() ->
                            own.counter("rmb_gateway_sessions_opened_total") >= 1
                                    && own.counter("rmb_gateway_sessions") == 0
                                    && !own.isPresent(address));
        }
    }

    @Test
    void namesMayHoldAnything() throws IOException {
        String name = "a:b \u0000\n" + "ä".repeat(400);
        try (var alice = connect(relay.alice, "names");
                var bob = connect(relay.bob, name)) {
            alice.send(to(request("names", "r1"), relay.bob.address(named(name))));

            assertThat(bob.nextEnvelope().getDestination().getConnectionBytes().toByteArray())
                    .isEqualTo((name + run).getBytes(UTF_8));
        }
    }

    private Client connect(TestTwin twin, @Nullable String name) throws IOException {
        return dialect.connect(relay, twin.token(named(name)));
    }

    private @Nullable String named(@Nullable String name) {
        return name == null || name.isEmpty() ? name : name + run;
    }

    private dev.rmb.protocol.Address bobs(String name) {
        return new dev.rmb.protocol.Address(relay.bob.id, named(name));
    }

    /** From Alice's connection with that name to Bob's. */
    private Envelope request(String name, String uid) {
        return to(
                relay.alice.request(relay.bob, uid).toBuilder()
                        .setSource(relay.alice.address(named(name)))
                        .build(),
                relay.bob.address(named(name)));
    }

    private static Envelope to(Envelope envelope, Address destination) {
        return envelope.toBuilder().setDestination(destination).build();
    }

    private Envelope.Builder ping(String name, String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setSource(relay.alice.address(named(name)))
                .setDestination(Address.getDefaultInstance())
                .setPing(Ping.getDefaultInstance());
    }

    private void expectRefusal(Dialect.Refusal refusal, int status, String text) {
        assertThat(refusal.text()).isEqualTo(text);
        expectStatus(refusal, status);
    }

    private void expectStatus(Dialect.Refusal refusal, int status) {
        assertThat(refusal.text()).isNotEmpty();
        assertThat(refusal.status()).isEqualTo(dialect.hasStatus() ? status : 0);
    }
}
