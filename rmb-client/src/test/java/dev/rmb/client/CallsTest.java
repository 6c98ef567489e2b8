package dev.rmb.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls promise: over several relays, encrypted, typed, and never run twice. */
@Timeout(60)
final class CallsTest {
    private static final Duration TTL = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final LoopbackRelay first = LoopbackRelay.start();
    private final LoopbackRelay second = LoopbackRelay.start();
    private final List<RmbClient> clients = new ArrayList<>();
    private final Twinned caller = Twinned.of("7:caller", KeyType.SR25519, true);
    private final Twinned service = Twinned.of("8", KeyType.ED25519, true);

    @AfterEach
    void closeEverything() {
        clients.forEach(RmbClient::close);
        first.close();
        second.close();
    }

    private RmbClient connect(RmbClientBuilder builder) {
        RmbClient client = builder.connect();
        clients.add(client);
        return client;
    }

    private static Reply join(CompletionStage<Reply> reply) {
        return reply.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static RmbException failure(CompletionStage<?> stage) {
        try {
            var unused = stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RmbException known) {
                return known;
            }
            throw new AssertionError("failed otherwise", e);
        }
        throw new AssertionError("did not fail");
    }

    private static RequestHandler echo() {
        return request -> completedFuture(request.payload());
    }

    private List<Envelope> requests(LoopbackRelay relay) {
        return relay.received().stream().filter(Envelope::hasRequest).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "SR25519,ED25519,true,true",
        "ED25519,SR25519,true,true",
        "SR25519,SR25519,false,true",
        "ED25519,ED25519,true,false",
        "SR25519,ED25519,false,false"
    })
    void payloadsBetweenTwinsWithKeysAreEncryptedAndOthersAreNot(
            KeyType callers, KeyType services, boolean callerHasKey, boolean serviceHasKey)
            throws Exception {
        Twinned asking = Twinned.of("17", callers, callerHasKey);
        Twinned asked = Twinned.of("18", services, serviceHasKey);
        var seen = new CompletableFuture<Request>();
        connect(
                asked.at(first)
                        .handle(
                                "echo",
                                request -> {
                                    seen.complete(request);
                                    return completedFuture(request.payload());
                                }));
        RmbClient client = connect(asking.at(first));

        Reply reply = join(client.call(asked.address(), "echo", "x".getBytes(UTF_8)));

        assertThat(reply.payload()).isEqualTo("x".getBytes(UTF_8));
        // Each needs the other's key to decrypt.
        boolean both = callerHasKey && serviceHasKey;
        assertThat(reply.isEncrypted()).isEqualTo(both);
        assertThat(seen.get().isEncrypted()).isEqualTo(both);
        assertThat(seen.get().source()).isEqualTo(asking.address());
        assertThat(requests(first).get(0).hasCipher()).isEqualTo(both);
    }

    @Test
    void whoMustEncryptSendsNothingPlain() {
        Twinned keyless = Twinned.of("18", KeyType.SR25519, false);
        first.know(keyless.record());
        RmbClient client = connect(caller.at(first).encryption(Encryption.ALWAYS));

        assertThat(failure(client.call(keyless.address(), "echo", new byte[1])))
                .isInstanceOf(CannotEncryptException.class);
        assertThat(first.received()).isEmpty();
    }

    @Test
    void whoMustNotEncryptSendsPlain() {
        connect(service.at(first).handle("echo", echo()));
        RmbClient client = connect(caller.at(first).encryption(Encryption.NEVER));

        join(client.call(service.address(), "echo", new byte[1]));

        assertThat(requests(first).get(0).hasPlain()).isTrue();
    }

    @Test
    void aTwinThatIsNotThereIsToldAtOnce() {
        RmbClient client = connect(caller.at(first));

        assertThat(failure(client.call(Address.of(99), "echo", new byte[1])))
                .isInstanceOf(UnknownTwinException.class)
                .hasMessageContaining("99");
    }

    @Test
    void aRequestWhoseTimeIsOverByTheServicesClockIsAnsweredWithCode102() {
        InstantSource ahead = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(2));
        connect(
                service.at(first)
                        .clock(ahead)
                        .tokenLifetime(Duration.ofMinutes(1))
                        .handle("echo", echo()));
        RmbClient client = connect(caller.at(first));

        assertThat(failure(client.call(service.address(), "echo", new byte[1], TTL)))
                .isInstanceOfSatisfying(
                        RemoteErrorException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCodes.EXPIRED));
        assertThat(
                        join(client.call(
                                        service.address(),
                                        "echo",
                                        new byte[] {3},
                                        Duration.ofMinutes(5)))
                                .payload())
                .containsExactly(3);
    }

    @Test
    void allRelaysAreConnectedAndTheFirstThatWorksSends() {
        connect(service.at(first, second).handle("echo", echo()));
        RmbClient client = connect(caller.at(first, second));
        await().until(() -> client.connectedRelays().size() == 2);
        await().until(() -> second.isConnected(service.address()));

        join(client.call(service.address(), "echo", new byte[1], TTL));
        assertThat(requests(first)).hasSize(1);
        assertThat(requests(second)).isEmpty();

        first.stop();
        await().until(() -> client.connectedRelays().size() == 1);
        join(client.call(service.address(), "echo", new byte[1], TTL));
        assertThat(requests(second)).hasSize(1);

        first.listen();
        await().until(() -> client.connectedRelays().size() == 2);
        await().until(() -> first.isConnected(service.address()));
        join(client.call(service.address(), "echo", new byte[1], TTL));
        assertThat(requests(first)).hasSize(2);
    }

    @Test
    void aClientStartsWithAnyOfItsRelaysAndWithoutAllOfThemItFails() {
        first.stop();
        RmbClient client = connect(caller.at(first, second));
        assertThat(client.isConnected()).isTrue();

        second.stop();
        assertThatThrownBy(() -> caller.at(first, second).connect())
                .isInstanceOf(RelayUnreachableException.class);
    }

    @Test
    void aStartedClientWaitsForItsRelay() {
        first.stop();
        RmbClient client = caller.at(first).start();
        clients.add(client);
        CompletionStage<Reply> reply = client.call(service.address(), "echo", new byte[1], TTL);
        assertThat(client.isConnected()).isFalse();
        first.listen();
        connect(service.at(first).handle("echo", echo()));

        RmbException unknown = reply.toCompletableFuture().isDone() ? failure(reply) : null;
        // Who is called is looked up at the relay, too, and that does not wait.
        assertThat(unknown == null || unknown instanceof LookUpException).isTrue();
        await().until(client::isConnected);
        join(client.call(service.address(), "echo", new byte[1], TTL));
    }

    @Test
    void anIdempotentCallIsSentAgainAndRunsOnce() throws Exception {
        var go = new CountDownLatch(1);
        var runs = new AtomicInteger();
        var repeated = new AtomicInteger();
        connect(
                service.at(first)
                        .metrics(
                                new ClientMetrics() {
                                    @Override
                                    public void repeated() {
                                        repeated.incrementAndGet();
                                    }
                                })
                        .handle(
                                "slow",
                                request -> {
                                    runs.incrementAndGet();
                                    assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                                    return completedFuture(new byte[] {1});
                                }));
        RmbClient client = connect(caller.at(first));
        CompletionStage<Reply> reply =
                client.call(Call.of(service.address(), "slow").withTtl(TTL).idempotent());
        await().until(() -> runs.get() == 1);

        first.dropConnections();

        await().until(() -> repeated.get() == 1);
        go.countDown();
        assertThat(join(reply).payload()).containsExactly(1);
        assertThat(runs).hasValue(1);
        List<Envelope> sent = requests(first);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).getUid()).isEqualTo(sent.get(0).getUid());
    }

    @Test
    void anAnswerThatWasLostIsGivenAgainAndTheRequestNotRunAgain() {
        var runs = new AtomicInteger();
        connect(
                service.at(first)
                        .handle(
                                "count",
                                request ->
                                        completedFuture(
                                                new byte[] {(byte) runs.incrementAndGet()})));
        RmbClient client = connect(caller.at(first));
        join(client.call(service.address(), "count", new byte[0], TTL));
        Envelope sent = requests(first).get(0);

        first.deliver(service.address(), sent);

        await().until(() -> first.received().stream().filter(Envelope::hasResponse).count() == 2);
        assertThat(runs).hasValue(1);
    }

    @Test
    void anyOtherCallIsNeverSentTwice() {
        connect(service.at(first).handle("slow", request -> new CompletableFuture<>()));
        RmbClient client = connect(caller.at(first));
        CompletionStage<Reply> reply =
                client.call(service.address(), "slow", new byte[0], Duration.ofSeconds(1));
        await().until(() -> requests(first).size() == 1);

        first.dropConnections();
        await().until(() -> first.accepted() == 4 && client.isConnected());

        assertThat(failure(reply)).isInstanceOf(CallTimeoutException.class);
        assertThat(requests(first)).hasSize(1);
    }

    @Test
    void aClosedClientSaysSoAlsoWhenItsKeysAreWiped() {
        first.know(service.record());
        RmbClient client = connect(caller.at(first));
        client.close();

        assertThat(failure(client.call(service.address(), "x", new byte[1])))
                .isInstanceOf(ClientClosedException.class);
    }

    @Test
    void aSignerThatFailsFailsTheCall() {
        first.know(service.record());
        first.know(caller.record());
        KeyPair keys = KeyPair.of(KeyType.SR25519, caller.secret());
        RmbClient client =
                connect(
                        RmbClient.builder()
                                .relay(first.uri())
                                .twin(caller.address().twin())
                                .signer(keys));
        keys.close();

        assertThat(failure(client.call(service.address(), "x", new byte[1])))
                .isInstanceOf(SigningException.class);
    }

    record Sum(int a, int b) {}

    record Total(int sum, String by) {}

    private static Router calculator() {
        var router = new Router();
        router.group("calculator")
                .handleJson("add", Sum.class, (sum, request) -> new Total(sum.a + sum.b, "me"))
                .handleJson(
                        "divide",
                        Sum.class,
                        (sum, request) -> {
                            if (sum.b == 0) {
                                throw new HandlerException("division by zero");
                            }
                            return sum.a / sum.b;
                        })
                .handleJson(
                        "total",
                        new TypeReference<List<Integer>>() {},
                        (all, request) -> Map.of("sum", all.stream().mapToInt(i -> i).sum()));
        return router;
    }

    @Test
    void callsMayBeTypedAsJson() {
        connect(service.at(first).serve(calculator()));
        RmbClient client = connect(caller.at(first));

        assertThat(
                        client.callJson(
                                        service.address(),
                                        "calculator.add",
                                        new Sum(1, 2),
                                        Total.class)
                                .toCompletableFuture()
                                .orTimeout(20, TimeUnit.SECONDS)
                                .join())
                .isEqualTo(new Total(3, "me"));
        assertThat(
                        client.callJson(
                                        service.address(),
                                        "calculator.total",
                                        List.of(1, 2, 3),
                                        new TypeReference<Map<String, Integer>>() {})
                                .toCompletableFuture()
                                .orTimeout(20, TimeUnit.SECONDS)
                                .join())
                .containsEntry("sum", 6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "calculator.add|no json|101|the payload is not the JSON expected",
                "calculator.add|{\"a\":\"x\"}|101|the payload is not the JSON expected",
                "calculator.add|null|101|the payload is not the JSON expected",
                "calculator.divide|{\"a\":1}|255|division by zero",
                "calculator.what|{}|255|unknown command",
                "add|{}|255|unknown command",
            })
    void whatAServiceCannotDoIsAnErrorWithACode(
            String command, String payload, long code, String text) {
        connect(service.at(first).serve(calculator()));
        RmbClient client = connect(caller.at(first));

        assertThat(failure(client.call(service.address(), command, payload.getBytes(UTF_8), TTL)))
                .isInstanceOfSatisfying(
                        RemoteErrorException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(code);
                            assertThat(e.text()).isEqualTo(text);
                        });
    }

    @Test
    void anAnswerThatIsNotTheJsonExpectedSaysSo() {
        connect(service.at(first).handle("echo", echo()));
        RmbClient client = connect(caller.at(first));

        assertThat(failure(client.callJson(service.address(), "echo", "text", Total.class)))
                .isInstanceOf(UnreadablePayloadException.class);
    }

    @Test
    void aThreadMayWaitForAnAnswerAndForRoom() throws Exception {
        connect(service.at(first).handle("echo", echo()));
        RmbClient client = connect(caller.at(first).callsInFlight(2));
        List<Thread> threads = new ArrayList<>();
        var answered = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            var thread =
                    new Thread(
                            () -> {
                                try {
                                    Call call = Call.of(service.address(), "echo").withTtl(TTL);
                                    assertThat(client.await(call).payload()).isEmpty();
                                    answered.incrementAndGet();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            },
                            "waiting-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        }
        assertThat(answered).hasValue(20);

        assertThatThrownBy(() -> client.await(Call.of(Address.of(99), "echo")))
                .isInstanceOf(UnknownTwinException.class);
        assertThatThrownBy(() -> client.await(Call.of(service.address(), "what").withTtl(TTL)))
                .isInstanceOf(RemoteErrorException.class);
    }

    @Test
    void anInterruptGivesAWaitingCallUp() throws Exception {
        first.know(service.record());
        RmbClient client = connect(caller.at(first));
        var interrupted = new CompletableFuture<Boolean>();
        var thread =
                new Thread(
                        () -> {
                            try {
                                client.await(Call.of(service.address(), "echo").withTtl(TTL));
                                interrupted.complete(false);
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            }
                        },
                        "interrupted");
        thread.start();
        await().until(() -> client.callsInFlight() == 1);
        thread.interrupt();

        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        await().until(() -> client.callsInFlight() == 0);
    }

    @Test
    void noMoreRequestsAreInProgressThanAllowed() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        connect(
                service.at(first)
                        .servingAtOnce(3)
                        .handle(
                                "work",
                                request -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    return new CompletableFuture<byte[]>()
                                            .completeOnTimeout(
                                                    new byte[0], 10, TimeUnit.MILLISECONDS)
                                            .whenComplete(
                                                    (done, failure) -> running.decrementAndGet());
                                }));
        RmbClient client = connect(caller.at(first));
        List<CompletionStage<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            replies.add(client.call(service.address(), "work", new byte[0], TTL));
        }
        replies.forEach(CallsTest::join);

        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void whatCallsDoIsCounted() {
        List<String> counted = java.util.Collections.synchronizedList(new ArrayList<>());
        connect(service.at(first).serve(calculator()));
        RmbClient client =
                connect(
                        caller.at(first)
                                .metrics(
                                        new ClientMetrics() {
                                            @Override
                                            public void called(
                                                    String command,
                                                    Outcome outcome,
                                                    Duration took) {
                                                counted.add(command + " " + outcome);
                                            }
                                        }));
        join(client.call(Call.of(service.address(), "calculator.add").withJson(new Sum(1, 1))));
        failure(client.call(service.address(), "x", new byte[0]));
        failure(client.call(Address.of(99), "y", new byte[0]));
        first.know(Twinned.of("9", KeyType.SR25519, false).record());
        failure(client.call(Address.of(9), "z", new byte[0], SHORT));

        await().until(() -> counted.size() == 4);
        assertThat(counted)
                .containsExactly("calculator.add ANSWERED", "x ERROR", "y NOT_SENT", "z TIMEOUT");
    }
}
