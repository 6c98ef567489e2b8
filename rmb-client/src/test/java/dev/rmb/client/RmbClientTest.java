package dev.rmb.client;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RmbClientTest {
    private static final KeyPair CALLER_KEYS = KeyPair.of(KeyType.ED25519, "//caller");
    private static final KeyPair SERVICE_KEYS = KeyPair.of(KeyType.SR25519, "//service");
    private static final KeyPair OTHER_KEYS = KeyPair.of(KeyType.ED25519, "//other");
    private static final Address CALLER = new Address(7, "caller");
    private static final Address SERVICE = Address.of(8);
    private static final Duration TTL = Duration.ofSeconds(20);

    private final LoopbackRelay relay = LoopbackRelay.start();
    private final List<RmbClient> clients = new ArrayList<>();

    RmbClientTest() {
        relay.know(CALLER.twin(), CALLER_KEYS.account());
        relay.know(SERVICE.twin(), SERVICE_KEYS.account());
    }

    @AfterEach
    void closeEverything() {
        clients.forEach(RmbClient::close);
        relay.close();
    }

    private RmbClientBuilder caller() {
        return caller(relay.uri());
    }

    private static RmbClientBuilder caller(URI uri) {
        return RmbClient.builder()
                .relay(uri)
                .twin(CALLER.twin())
                .session("caller")
                .signer(CALLER_KEYS)
                .adjust(RmbClientTest::impatient);
    }

    private RmbClientBuilder service() {
        return service(relay.uri());
    }

    private static RmbClientBuilder service(URI uri) {
        return RmbClient.builder()
                .relay(uri)
                .twin(SERVICE.twin())
                .signer(SERVICE_KEYS)
                .adjust(RmbClientTest::impatient);
    }

    private static SessionSettings impatient(SessionSettings settings) {
        return settings.withBackoff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private RmbClient connect(RmbClientBuilder builder) {
        RmbClient client = builder.connect();
        clients.add(client);
        return client;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static RequestHandler echo() {
        return request -> completedFuture(request.payload());
    }

    private static <T extends Throwable> T failure(CompletionStage<?> stage, Class<T> type)
            throws InterruptedException {
        try {
            stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (type.isInstance(e.getCause())) {
                return type.cast(e.getCause());
            }
            throw new AssertionError("failed otherwise", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("neither result nor failure", e);
        }
        throw new AssertionError("did not fail");
    }

    private static Reply join(CompletionStage<Reply> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aCallIsAnsweredByTheServiceThatHandlesItsCommand() {
        connect(
                service()
                        .handle(
                                "greet",
                                request ->
                                        completedFuture(utf8("hello " + text(request.payload()))))
                        .handle("other", request -> completedFuture(utf8("wrong one"))));
        RmbClient caller = connect(caller());

        Reply reply = join(caller.call(SERVICE, "greet", utf8("world"), TTL));

        assertThat(text(reply.payload())).isEqualTo("hello world");
        assertThat(reply.source()).isEqualTo(SERVICE);
    }

    @Test
    void theHandlerSeesWhoAskedForWhat() {
        var seen = new CompletableFuture<dev.rmb.client.Request>();
        connect(
                service()
                        .handle(
                                "greet",
                                request -> {
                                    seen.complete(request);
                                    return completedFuture(new byte[0]);
                                }));
        RmbClient caller = connect(caller());

        join(
                caller.call(
                        Call.of(SERVICE, "greet")
                                .withPayload(utf8("x"))
                                .withTtl(Duration.ofMillis(9500))
                                .withSchema("text/plain")));

        assertThat(seen.join().source()).isEqualTo(CALLER);
        assertThat(seen.join().command()).isEqualTo("greet");
        assertThat(seen.join().schema()).hasValue("text/plain");
        assertThat(seen.join().envelope().getExpiration()).isEqualTo(10);
    }

    @Test
    void everythingThatIsSentIsStampedAndSigned() {
        connect(service().handle("greet", echo()));
        RmbClient caller = connect(caller());
        join(caller.call(SERVICE, "greet", utf8("x"), TTL));

        assertThat(relay.received()).hasSize(2);
        Envelope request = relay.received().get(0);
        Envelope response = relay.received().get(1);
        assertThat(Envelopes.verify(request, CALLER_KEYS.account())).isTrue();
        assertThat(Envelopes.verify(response, SERVICE_KEYS.account())).isTrue();
        assertThat(request.getTimestamp()).isCloseTo(Instant.now().getEpochSecond(), within(20L));
        assertThat(response.getUid()).isEqualTo(request.getUid());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1 << 20, 15 << 20})
    void payloadsOfAnySizeArriveUnchanged(int size) {
        connect(service().handle("echo", echo()));
        RmbClient caller = connect(caller());
        var payload = new byte[size];
        new Random(size).nextBytes(payload);

        assertThat(join(caller.call(SERVICE, "echo", payload, TTL)).payload()).isEqualTo(payload);
    }

    @Test
    void anEnvelopeAboveTheLimitIsRefusedBeforeItIsSent() {
        RmbClient caller = connect(caller());
        assertThatThrownBy(() -> caller.call(SERVICE, "echo", new byte[16 << 20], TTL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErrorThatAHandlerTellsReachesTheCallerWordForWord() throws Exception {
        connect(
                service()
                        .handle(
                                "fail",
                                request -> {
                                    throw new HandlerException(42, "no such thing");
                                }));
        RmbClient caller = connect(caller());

        var error =
                failure(caller.call(SERVICE, "fail", new byte[0], TTL), RemoteErrorException.class);

        assertThat(error.code()).isEqualTo(42);
        assertThat(error.text()).isEqualTo("no such thing");
        assertThat(error.isFromRelay()).isFalse();
    }

    @Test
    void ofAnyOtherFailureTheCallerLearnsNoDetails() throws Exception {
        connect(
                service()
                        .handle(
                                "throws",
                                request -> {
                                    throw new IllegalStateException("secret");
                                })
                        .handle(
                                "fails",
                                request ->
                                        CompletableFuture.failedFuture(
                                                new IllegalStateException("secret"))));
        RmbClient caller = connect(caller());

        for (String command : List.of("throws", "fails")) {
            var error =
                    failure(
                            caller.call(SERVICE, command, new byte[0], TTL),
                            RemoteErrorException.class);
            assertThat(error.code()).isEqualTo(HandlerException.HANDLER_FAILED);
            assertThat(error.text()).isEqualTo("the handler failed");
        }
    }

    @Test
    void aCommandThatNobodyHandlesIsAnsweredWithAnError() throws Exception {
        connect(service());
        RmbClient caller = connect(caller());

        var error =
                failure(caller.call(SERVICE, "what", new byte[0], TTL), RemoteErrorException.class);

        assertThat(error.text()).isEqualTo("unknown command");
    }

    @Test
    void otherCommandsGoToTheirHandler() {
        connect(
                service()
                        .handle("known", echo())
                        .handleOthers(request -> completedFuture(utf8(request.command()))));
        RmbClient caller = connect(caller());

        assertThat(text(join(caller.call(SERVICE, "x.y", new byte[0], TTL)).payload()))
                .isEqualTo("x.y");
    }

    @Test
    void anErrorOfTheRelayFailsTheCall() throws Exception {
        RmbClient caller = connect(caller());
        CompletionStage<Reply> reply = caller.call(SERVICE, "greet", new byte[0], TTL);
        await().until(() -> !relay.received().isEmpty());
        String uid = relay.received().get(0).getUid();

        relay.deliver(CALLER, Envelopes.relayError(uid, CALLER, 0, "destination offline", 1));

        var error = failure(reply, RemoteErrorException.class);
        assertThat(error.isFromRelay()).isTrue();
        assertThat(error.text()).isEqualTo("destination offline");
    }

    @Test
    void anAnswerOfAnotherTwinIsNoAnswer() throws Exception {
        relay.know(9, OTHER_KEYS.account());
        var others = new CompletableFuture<Envelope>();
        RmbClient caller = connect(caller().onEnvelope(others::complete));
        CompletionStage<Reply> reply =
                caller.call(SERVICE, "greet", new byte[0], Duration.ofMillis(500));
        await().until(() -> !relay.received().isEmpty());

        String uid = relay.received().get(0).getUid();
        relay.deliver(CALLER, response(uid, Address.of(9), OTHER_KEYS));

        assertThat(others.get(10, TimeUnit.SECONDS).getSource().getTwin()).isEqualTo(9);
        failure(reply, CallTimeoutException.class);
    }

    @Test
    void anAnswerThatTheCalledTwinDidNotSignIsNoAnswer() throws Exception {
        var refused = new CompletableFuture<Integer>();
        RmbClient caller =
                connect(
                        caller().metrics(
                                        new ClientMetrics() {
                                            @Override
                                            public void refused(int code) {
                                                refused.complete(code);
                                            }
                                        }));
        CompletionStage<Reply> reply =
                caller.call(SERVICE, "greet", new byte[0], Duration.ofMillis(500));
        await().until(() -> !relay.received().isEmpty());

        String uid = relay.received().get(0).getUid();
        relay.deliver(CALLER, response(uid, SERVICE, OTHER_KEYS));

        assertThat(refused.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCodes.INVALID_SIGNATURE);
        failure(reply, CallTimeoutException.class);
    }

    private static Envelope response(String uid, Address from, KeyPair keys) {
        return signed(
                Envelope.newBuilder().setUid(uid).setResponse(Response.getDefaultInstance()),
                from,
                keys,
                CALLER);
    }

    @Test
    void anEncryptedAnswerIsRefusedAndNotShown() throws Exception {
        RmbClient caller = connect(caller());
        CompletionStage<Reply> reply = caller.call(SERVICE, "greet", new byte[0], TTL);
        await().until(() -> !relay.received().isEmpty());

        relay.deliver(
                CALLER,
                signed(
                        Envelope.newBuilder()
                                .setUid(relay.received().get(0).getUid())
                                .setResponse(Response.getDefaultInstance())
                                .setCipher(ByteString.copyFromUtf8("?")),
                        SERVICE,
                        SERVICE_KEYS,
                        CALLER));

        failure(reply, UnreadablePayloadException.class);
    }

    @Test
    void aCallThatNobodyAnswersFailsWhenItsTimeIsOver() throws Exception {
        RmbClient caller = connect(caller());
        failure(
                caller.call(SERVICE, "greet", new byte[0], Duration.ofMillis(200)),
                CallTimeoutException.class);
    }

    @Test
    void aCallCanBeGivenUp() {
        RmbClient caller = connect(caller());
        CompletableFuture<Reply> reply =
                caller.call(SERVICE, "greet", new byte[0], TTL).toCompletableFuture();
        assertThat(reply.cancel(false)).isTrue();
        assertThat(reply).isCancelled();
    }

    @Test
    void aHandlerMayAnswerLaterAndFromAnyThread() {
        var later = new CompletableFuture<byte[]>();
        connect(service().handle("slow", request -> later).handle("fast", echo()));
        RmbClient caller = connect(caller());
        CompletionStage<Reply> slow = caller.call(SERVICE, "slow", new byte[0], TTL);

        join(caller.call(SERVICE, "fast", new byte[0], TTL));
        later.complete(utf8("done"));

        assertThat(text(join(slow).payload())).isEqualTo("done");
    }

    @Test
    void aHandlerMayWaitForCallsOfItsOwn() {
        connect(caller().session("third").handle("name", request -> completedFuture(utf8("C"))));
        var service = new CompletableFuture<RmbClient>();
        service.complete(
                connect(
                        service()
                                .handle(
                                        "ask",
                                        request ->
                                                completedFuture(
                                                        join(service.join()
                                                                        .call(
                                                                                new Address(
                                                                                        7, "third"),
                                                                                "name",
                                                                                new byte[0],
                                                                                TTL))
                                                                .payload()))));
        RmbClient caller = connect(caller());

        assertThat(text(join(caller.call(SERVICE, "ask", new byte[0], TTL)).payload()))
                .isEqualTo("C");
    }

    @Test
    void handlersThatCallAreNotStuckBehindRequestsThatCameLater() throws Exception {
        connect(caller().session("third").handle("name", request -> completedFuture(utf8("C"))));
        var service = new CompletableFuture<RmbClient>();
        service.complete(
                connect(
                        service()
                                .handle(
                                        "ask",
                                        request ->
                                                service.join()
                                                        .call(
                                                                new Address(7, "third"),
                                                                "name",
                                                                new byte[0],
                                                                TTL)
                                                        .thenApply(Reply::payload))));
        RmbClient caller = connect(caller());
        List<CompletableFuture<Reply>> replies =
                IntStream.range(0, 2_000)
                        .mapToObj(i -> caller.call(SERVICE, "ask", new byte[0], TTL))
                        .map(CompletionStage::toCompletableFuture)
                        .toList();

        int refused = 0;
        for (CompletableFuture<Reply> reply : replies) {
            try {
                assertThat(text(reply.get(20, TimeUnit.SECONDS).payload())).isEqualTo("C");
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                RemoteErrorException.class,
                                error -> assertThat(error.code()).isEqualTo(ErrorCodes.OTHER));
                refused++;
            }
        }
        assertThat(refused).isLessThan(2_000 - 256);
    }

    @Test
    void theListenerGetsWhatNobodyElseWantsInOrder() throws Exception {
        List<String> uids = Collections.synchronizedList(new ArrayList<>());
        connect(service().onEnvelope(envelope -> uids.add(envelope.getUid())));
        RmbClient caller = connect(caller());
        List<String> sent = IntStream.range(0, 500).mapToObj(i -> "uid " + i).toList();

        for (String uid : sent) {
            caller.send(request(uid)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }

        await().until(() -> uids.size() == sent.size());
        assertThat(uids).isEqualTo(sent);
    }

    /** A request as it comes from a twin. */
    private static Envelope incoming(String uid, Address from, KeyPair keys, Address to) {
        return signed(request(uid).toBuilder(), from, keys, to);
    }

    private static Envelope signed(
            Envelope.Builder envelope, Address from, KeyPair keys, Address to) {
        envelope.setSource(Envelopes.toProto(from)).setDestination(Envelopes.toProto(to));
        Envelopes.stamp(envelope, Instant.now().getEpochSecond());
        return Envelopes.sign(envelope, keys);
    }

    private static Envelope request(String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setExpiration(20)
                .setDestination(Envelopes.toProto(SERVICE))
                .setRequest(Request.newBuilder().setCommand("c"))
                .build();
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() {
        connect(service().handle("echo", echo()));
        RmbClient caller = connect(caller());
        List<CompletionStage<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            replies.add(caller.call(SERVICE, "echo", utf8("payload " + i), TTL));
        }
        for (int i = 0; i < replies.size(); i++) {
            assertThat(text(join(replies.get(i)).payload())).isEqualTo("payload " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void eitherTypeOfKeyConnects(KeyType type) {
        try (KeyPair keys = KeyPair.of(type, "//other")) {
            relay.know(9, keys.account());
            RmbClient client = connect(caller().twin(9).signer(keys));
            assertThat(client.isConnected()).isTrue();
            assertThat(relay.isConnected(new Address(9, "caller"))).isTrue();
        }
    }

    @Test
    void aRefusalSaysWhatTheRelaySays() {
        var refused =
                catchThrowableOfType(
                        RelayRefusedException.class, () -> caller().twin(99).connect());
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo("twin not found 99");
        assertThat(refused.isRetryable()).isFalse();
    }

    @Test
    void aTokenOfAnotherKeyIsRefused() {
        assertThatThrownBy(() -> caller().signer(SERVICE_KEYS).connect())
                .isInstanceOf(RelayRefusedException.class);
    }

    @Test
    void aClockThatIsOffByMoreThanTheTokensLifetimeIsRefused() {
        InstantSource late = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(-6));
        assertThatThrownBy(() -> caller().clock(late).connect())
                .isInstanceOf(RelayRefusedException.class);
    }

    @Test
    void aBusyRelayMayBeTriedAgain() {
        relay.refuseWith(HttpResponseStatus.SERVICE_UNAVAILABLE);
        var refused = catchThrowableOfType(RelayRefusedException.class, () -> caller().connect());
        assertThat(refused.isRetryable()).isTrue();
    }

    @Test
    void aRelayThatIsNotThereIsUnreachable() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> caller(URI.create("ws://127.0.0.1:" + port)).connect())
                .isInstanceOf(RelayUnreachableException.class);
    }

    @Test
    void aServerThatSaysNothingIsUnreachable() throws Exception {
        try (var mute = new ServerSocket(0)) {
            URI uri = URI.create("ws://127.0.0.1:" + mute.getLocalPort());
            assertThatThrownBy(() -> caller(uri).connectTimeout(Duration.ofMillis(300)).connect())
                    .isInstanceOf(RelayUnreachableException.class);
        }
    }

    /** Several times, as it is a race: the end comes right behind a message. */
    @RepeatedTest(20)
    void aLostConnectionComesBackAndServesOn() {
        connect(service().handle("echo", echo()));
        RmbClient caller = connect(caller());
        join(caller.call(SERVICE, "echo", utf8("before"), TTL));

        relay.dropConnections();
        await().until(() -> relay.accepted() == 4 && caller.isConnected());

        assertThat(text(join(caller.call(SERVICE, "echo", utf8("after"), TTL)).payload()))
                .isEqualTo("after");
    }

    @Test
    void aCallMadeWithoutConnectionIsSentWhenThereIsOne() {
        connect(service().handle("echo", echo()));
        RmbClient caller = connect(caller());
        relay.stop();
        await().until(() -> !caller.isConnected());

        CompletionStage<Reply> reply = caller.call(SERVICE, "echo", utf8("x"), TTL);
        relay.listen();

        assertThat(text(join(reply).payload())).isEqualTo("x");
    }

    @Test
    void aPendingCallIsAnsweredOverTheNextConnection() {
        var answer = new CompletableFuture<byte[]>();
        connect(service().handle("slow", request -> answer));
        RmbClient caller = connect(caller());
        CompletionStage<Reply> reply = caller.call(SERVICE, "slow", new byte[0], TTL);
        await().until(() -> !relay.received().isEmpty());

        relay.stop();
        await().until(() -> !caller.isConnected());
        answer.complete(utf8("late"));
        relay.listen();

        assertThat(text(join(reply).payload())).isEqualTo("late");
        assertThat(relay.received().stream().filter(Envelope::hasRequest)).hasSize(1);
    }

    @Test
    void aCallThatCouldNotBeSentInItsTimeSaysSo() throws Exception {
        RmbClient caller = connect(caller());
        relay.stop();
        await().until(() -> !caller.isConnected());

        failure(
                caller.call(SERVICE, "echo", new byte[0], Duration.ofMillis(200)),
                NotConnectedException.class);
        failure(
                caller.send(request("u").toBuilder().setExpiration(0).build()),
                NotConnectedException.class);
    }

    @Test
    void aRefusalWhileReconnectingIsTriedAgain() {
        connect(service().handle("echo", echo()));
        RmbClient caller = connect(caller());
        relay.refuseWith(HttpResponseStatus.UNAUTHORIZED);
        relay.dropConnections();
        await().until(() -> !caller.isConnected());
        CompletionStage<Reply> reply = caller.call(SERVICE, "echo", utf8("x"), TTL);
        relay.refuseWith(null);

        assertThat(text(join(reply).payload())).isEqualTo("x");
    }

    @Test
    void aSilentConnectionIsGivenUp() {
        RmbClient caller =
                connect(
                        caller().adjust(settings ->
                                impatient(settings)
                                        .withKeepAlive(
                                                Duration.ofMillis(50), Duration.ofMillis(300))));
        relay.goSilent();
        await().until(() -> !caller.isConnected());
        relay.speakAgain();
        await().until(caller::isConnected);
    }

    @Test
    void aQuietConnectionIsKeptAliveByPings() {
        RmbClient caller =
                connect(
                        caller().adjust(settings ->
                                settings.withKeepAlive(
                                        Duration.ofMillis(50), Duration.ofSeconds(10))));
        await().until(() -> relay.pings() >= 10);
        assertThat(caller.isConnected()).isTrue();
    }

    @Test
    void pingsAreAnsweredInOrder() {
        connect(caller());
        for (int i = 0; i < 20; i++) {
            relay.ping(CALLER, "ping " + i);
        }
        await().until(() -> relay.pongs().contains("ping 19"));
        // The JDK may skip a pong when a newer one is due, which answers the older, too.
        assertThat(relay.pongs())
                .isSubsetOf(pings(20))
                .isSortedAccordingTo(RmbClientTest::byNumber);
    }

    private static List<String> pings(int count) {
        return IntStream.range(0, count).mapToObj(i -> "ping " + i).toList();
    }

    private static int byNumber(String one, String other) {
        return Integer.parseInt(one.substring(5)) - Integer.parseInt(other.substring(5));
    }

    @Test
    void fragmentsBecomeOneMessage() throws Exception {
        var got = new CompletableFuture<Envelope>();
        connect(caller().onEnvelope(got::complete));
        Envelope envelope =
                signed(
                        request("u").toBuilder().setPlain(ByteString.copyFrom(new byte[100_000])),
                        SERVICE,
                        SERVICE_KEYS,
                        CALLER);

        relay.deliver(CALLER, envelope.toByteArray(), 999);

        assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(envelope);
    }

    @Test
    void aMessageAboveTheLimitEndsTheConnectionAndNotTheClient() {
        RmbClient caller = connect(caller());
        relay.deliver(CALLER, new byte[(16 << 20) + 1], 1 << 20);
        await().until(() -> relay.accepted() == 2 && caller.isConnected());
    }

    @Test
    void textEndsTheConnectionAndNotTheClient() {
        RmbClient caller = connect(caller());
        relay.text(CALLER, "hello");
        await().until(() -> relay.accepted() == 2 && caller.isConnected());
    }

    @Test
    void whatIsNoEnvelopeIsIgnored() {
        connect(service().handle("echo", echo()));
        RmbClient caller = connect(caller());
        relay.deliver(CALLER, new byte[] {1, 2, 3}, 3);
        assertThat(join(caller.call(SERVICE, "echo", utf8("x"), TTL)).source()).isEqualTo(SERVICE);
    }

    @Test
    void aSlowListenerMakesTheMessagesWaitAtTheRelay() throws Exception {
        var go = new CountDownLatch(1);
        List<String> uids = Collections.synchronizedList(new ArrayList<>());
        connect(
                service()
                        .adjust(settings -> impatient(settings).withReceived(4, 1 << 20))
                        .onEnvelope(envelope -> {
                            uids.add(envelope.getUid());
                            awaitUninterruptibly(go);
                        }));
        for (int i = 0; i < 100; i++) {
            relay.deliver(SERVICE, incoming("uid " + i, CALLER, CALLER_KEYS, SERVICE));
        }
        await().until(() -> uids.size() == 1);
        relay.ping(SERVICE, "behind them");
        await().during(Duration.ofMillis(200)).until(() -> relay.pongs().isEmpty());

        go.countDown();

        await().until(() -> uids.size() == 100);
        await().until(() -> relay.pongs().contains("behind them"));
    }

    /** The JDK tells of no end that it reads while no message is asked for. */
    @Test
    void aConnectionThatEndsWhileItsReceiverIsBusyIsNoticedAfterwards() throws Exception {
        var go = new CountDownLatch(1);
        connect(
                service()
                        .adjust(settings ->
                                impatient(settings)
                                        .withConnectTimeout(Duration.ofSeconds(2))
                                        .withReceived(1, 1 << 20))
                        .onEnvelope(envelope -> awaitUninterruptibly(go)));
        relay.deliver(SERVICE, incoming("uid", CALLER, CALLER_KEYS, SERVICE));
        await().during(Duration.ofMillis(200)).until(() -> relay.accepted() == 1);

        relay.dropConnections();
        await().until(() -> !relay.isConnected(SERVICE));
        // The end is read while the receiver is still busy.
        await().during(Duration.ofMillis(200)).until(() -> relay.accepted() == 1);
        go.countDown();

        await().until(() -> relay.accepted() == 2);
    }

    @Test
    void whatABusyReceiverHoldsIsBoundedAlsoOverSeveralConnections() throws Exception {
        Queue<ReceivedEnvelope> held = new ConcurrentLinkedQueue<>();
        try (RmbSession session =
                RmbSession.builder()
                        .relay(relay.uri())
                        .twin(SERVICE.twin())
                        .signer(SERVICE_KEYS)
                        .adjust(settings ->
                                impatient(settings)
                                        .withKeepAlive(
                                                Duration.ofMillis(50), Duration.ofSeconds(20))
                                        .withReceived(2, 1 << 20))
                        .receiver(
                                new EnvelopeReceiver() {
                                    @Override
                                    public void received(ReceivedEnvelope message) {
                                        held.add(message);
                                    }
                                })
                        .connect()) {
            for (int i = 0; i < 2; i++) {
                relay.deliver(SERVICE, incoming("before " + i, CALLER, CALLER_KEYS, SERVICE));
            }
            await().until(() -> held.size() == 2);
            relay.dropConnections();
            await().until(() -> relay.accepted() == 2 && relay.isConnected(SERVICE));
            for (int i = 0; i < 2; i++) {
                relay.deliver(SERVICE, incoming("after " + i, CALLER, CALLER_KEYS, SERVICE));
            }
            await().during(Duration.ofMillis(300)).until(() -> held.size() == 2);

            held.forEach(ReceivedEnvelope::done);

            await().until(() -> held.size() == 4);
            assertThat(session.isConnected()).isTrue();
        }
    }

    @Test
    void aBusyReceiverOfALivingConnectionKeepsIt() throws Exception {
        var served = new CountDownLatch(2_000);
        connect(
                service()
                        .adjust(settings ->
                                impatient(settings)
                                        .withConnectTimeout(Duration.ofMillis(300))
                                        .withReceived(1, 1 << 20))
                        .onEnvelope(envelope -> served.countDown()));
        for (int i = 0; i < 2_000; i++) {
            relay.deliver(SERVICE, incoming("uid " + i, CALLER, CALLER_KEYS, SERVICE));
        }

        assertThat(served.await(20, TimeUnit.SECONDS)).isTrue();
        await().during(Duration.ofMillis(500)).until(() -> relay.accepted() == 1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoSendsMoreThanTheConnectionCarriesIsTold() throws Exception {
        RmbClient caller =
                connect(caller().adjust(settings -> impatient(settings).withQueue(1000, 20 << 20)));
        relay.goSilent();
        List<CompletionStage<Void>> sent = new ArrayList<>();
        Envelope large =
                request("large").toBuilder()
                        .setPlain(ByteString.copyFrom(new byte[1 << 20]))
                        .build();
        CompletionStage<Void> last;
        do {
            last = caller.send(large);
            sent.add(last);
        } while (!last.toCompletableFuture().isCompletedExceptionally() && sent.size() < 1000);

        failure(last, SendQueueFullException.class);
        assertThat(sent).hasSizeLessThan(100);
        relay.readAgain();
        for (CompletionStage<Void> stage : sent.subList(0, sent.size() - 1)) {
            stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoHasTooManyCallsPendingIsTold() throws Exception {
        RmbClient caller = connect(caller().callsInFlight(3));
        List<CompletionStage<Reply>> pending = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pending.add(caller.call(SERVICE, "c", new byte[0], TTL));
        }
        failure(caller.call(SERVICE, "c", new byte[0], TTL), SendQueueFullException.class);

        pending.get(0).toCompletableFuture().cancel(false);

        CompletionStage<Reply> next = caller.call(SERVICE, "c", new byte[0], TTL);
        assertThat(next.toCompletableFuture()).isNotDone();
    }

    @Test
    void closingSendsWhatIsQueuedAndSaysGoodbye() {
        RmbClient caller = connect(caller());
        for (int i = 0; i < 200; i++) {
            caller.send(request("uid " + i));
        }

        caller.close();

        assertThat(relay.received()).hasSize(200);
        await().until(() -> !relay.isConnected(CALLER));
    }

    @Test
    void closingFailsWhatIsPendingAndWhatComesLater() throws Exception {
        RmbClient caller = connect(caller());
        CompletionStage<Reply> pending = caller.call(SERVICE, "c", new byte[0], TTL);

        caller.close();
        caller.close();

        failure(pending, ClientClosedException.class);
        failure(caller.call(SERVICE, "c", new byte[0], TTL), ClientClosedException.class);
        failure(caller.send(request("u")), ClientClosedException.class);
        assertThat(caller.isConnected()).isFalse();
    }

    @Test
    void closingEndsCallsAlsoBehindACallbackThatDoesNotEnd() throws Exception {
        var never = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        RmbClient caller =
                connect(
                        caller().onEnvelope(envelope -> {
                            entered.countDown();
                            awaitUninterruptibly(never);
                        }));
        relay.deliver(CALLER, incoming("uid", SERVICE, SERVICE_KEYS, CALLER));
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        CompletionStage<Reply> pending = caller.call(SERVICE, "c", new byte[0], TTL);

        caller.close();

        failure(pending, ClientClosedException.class);
        never.countDown();
    }

    @Test
    void closingWhileReconnectingEndsThat() {
        RmbClient caller = connect(caller());
        relay.stop();
        await().until(() -> !caller.isConnected());
        caller.close();
        relay.listen();
        await().during(Duration.ofMillis(200)).until(() -> !relay.isConnected(CALLER));
    }

    @Test
    void aListenerMayCloseItsClient() {
        var client = new CompletableFuture<RmbClient>();
        client.complete(connect(caller().onEnvelope(envelope -> client.join().close())));
        relay.deliver(CALLER, incoming("u", SERVICE, SERVICE_KEYS, CALLER));
        await().until(() -> !client.join().isConnected());
    }

    @Test
    void allThreadsAreNamedAndEndWithTheClient() {
        RmbClient caller = connect(caller());
        assertThat(threads()).isNotEmpty();
        caller.close();
        await().until(() -> threads().isEmpty());
    }

    private static List<String> threads() {
        Set<Thread> all = Thread.getAllStackTraces().keySet();
        return all.stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("rmb-client-" + CALLER))
                .toList();
    }

    @Test
    void overTlsItCallsReconnectsAndTrustsNobodyElse(@TempDir Path folder) throws Exception {
        SSLContext ssl = TestCertificate.context(folder);
        try (LoopbackRelay secure = LoopbackRelay.start(ssl)) {
            secure.know(CALLER.twin(), CALLER_KEYS.account());
            secure.know(SERVICE.twin(), SERVICE_KEYS.account());
            assertThatThrownBy(() -> caller(secure.uri()).connect())
                    .isInstanceOf(RelayUnreachableException.class);
            connect(service(secure.uri()).sslContext(ssl).handle("echo", echo()));
            RmbClient caller = connect(caller(secure.uri()).sslContext(ssl));
            var large = new byte[3 << 20];
            new Random(1).nextBytes(large);

            assertThat(join(caller.call(SERVICE, "echo", large, TTL)).payload()).isEqualTo(large);
            for (int times = 2; times <= 5; times++) {
                int accepted = 2 * times;
                join(caller.call(SERVICE, "echo", utf8("x"), TTL));
                secure.dropConnections();
                await().until(() -> secure.accepted() == accepted && caller.isConnected());
            }
            assertThat(text(join(caller.call(SERVICE, "echo", utf8("x"), TTL)).payload()))
                    .isEqualTo("x");
        }
    }

    @Test
    void aSourceThatIsNotTheClientsIsRefused() {
        RmbClient caller = connect(caller());
        Envelope foreign = request("u").toBuilder().setSource(Envelopes.toProto(SERVICE)).build();
        assertThatThrownBy(() -> caller.send(foreign)).isInstanceOf(IllegalArgumentException.class);
    }
}
