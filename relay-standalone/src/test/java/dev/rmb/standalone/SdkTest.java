package dev.rmb.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.client.Call;
import dev.rmb.client.CallTimeoutException;
import dev.rmb.client.ErrorCodes;
import dev.rmb.client.RemoteErrorException;
import dev.rmb.client.Reply;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbClientBuilder;
import dev.rmb.client.UnknownTwinException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinJson;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SDK at whole relays, each a process with its broker. */
@Timeout(300)
final class SdkTest {
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final int IN_FLIGHT = 5_000;

    /** Twins with a key for encryption; those above have none. */
    private static final long ENCRYPTING = 8;

    private static final long TWINS = 12;

    @TempDir private static Path directory;
    private static Path twins;
    private static RelayProcess relay;

    private final List<RmbClient> clients = new ArrayList<>();

    @BeforeAll
    static void startRelay() throws Exception {
        List<String> lines = new ArrayList<>();
        for (long id = 1; id <= TWINS; id++) {
            try (KeyPair keys = TestTwins.key(id);
                    EncryptionKey key = EncryptionKey.of(secret(id))) {
                byte[] pk = id <= ENCRYPTING ? key.publicKey() : null;
                var twin = new Twin(id, keys.account(), "localhost", pk);
                lines.add(TwinJson.write(twin).toString());
            }
        }
        twins = Files.write(directory.resolve("twins.jsonl"), lines);
        relay = up("one");
    }

    /** A relay with all twins in its registry, where clients look them up. */
    private static RelayProcess up(String name) throws Exception {
        RelayProcess started =
                RelayProcess.up(Files.createDirectory(directory.resolve(name)), "registry");
        TestTwins.register(started.admin(), twins);
        return started;
    }

    @AfterAll
    static void stopRelay() {
        relay.close();
    }

    @AfterEach
    void closeClients() {
        clients.forEach(RmbClient::close);
    }

    /** As {@link TestTwins#key} has it. */
    private static String secret(long twin) {
        return "0x" + "%064x".formatted(twin);
    }

    private static RmbClientBuilder twin(long id, URI... relays) {
        return RmbClient.builder()
                .relays(List.of(relays))
                .twin(id)
                .secret(secret(id))
                .keyType(id % 2 == 0 ? KeyType.SR25519 : KeyType.ED25519);
    }

    private RmbClient connect(RmbClientBuilder builder) {
        RmbClient client = builder.connect();
        clients.add(client);
        return client;
    }

    @ParameterizedTest
    @CsvSource({"1,2,true", "2,1,true", "3,5,true", "9,10,false", "10,9,false", "4,11,false"})
    void eitherKeyCallsEitherEncryptedWhereThereAreKeys(long from, long to, boolean encrypted)
            throws Exception {
        var seen = new CompletableFuture<Boolean>();
        connect(
                twin(to, relay.ws())
                        .session("service")
                        .handle(
                                "greet",
                                request -> {
                                    seen.complete(request.isEncrypted());
                                    return completedFuture(
                                            ("hello " + new String(request.payload(), UTF_8))
                                                    .getBytes(UTF_8));
                                }));
        RmbClient caller = connect(twin(from, relay.ws()).session("caller"));

        Reply reply =
                caller.await(
                        Call.of(new Address(to, "service"), "greet")
                                .withPayload("twin".getBytes(UTF_8))
                                .withTtl(TTL));

        assertThat(new String(reply.payload(), UTF_8)).isEqualTo("hello twin");
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(encrypted);
        assertThat(reply.isEncrypted()).isEqualTo(encrypted);
    }

    @Test
    void whatCannotBeDeliveredIsToldByTheRelay() {
        RmbClient caller = connect(twin(1, relay.ws()).session("caller"));

        assertThat(failure(caller, Call.of(Address.of(7), "x").failingFast()))
                .isInstanceOfSatisfying(
                        RemoteErrorException.class,
                        e -> {
                            assertThat(e.isFromRelay()).isTrue();
                            assertThat(e.text()).isEqualTo("destination offline");
                        });
        assertThat(failure(caller, Call.of(Address.of(99), "x")))
                .isInstanceOf(UnknownTwinException.class);
        assertThat(failure(caller, Call.of(Address.of(7), "x").withTtl(Duration.ofSeconds(1))))
                .isInstanceOfAny(CallTimeoutException.class, RemoteErrorException.class);
    }

    private static Throwable failure(RmbClient caller, Call call) {
        try {
            var _ = caller.call(call).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
            throw new AssertionError("answered");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    @Test
    void whatIsNotSignedByItsSenderIsRefusedWithACodeAndServesNobody() throws Exception {
        var served = new AtomicInteger();
        RmbClient service =
                connect(
                        twin(2, relay.ws())
                                .session("service")
                                .handleOthers(request -> {
                                    served.incrementAndGet();
                                    return completedFuture(request.payload());
                                }));
        try (RawPeer raw = TestTwins.connect(relay.ws(), 1, "raw")) {
            raw.send(
                    TestEnvelopes.request(
                            raw.address(), service.address(), "unsigned", new byte[1]));

            Envelope answer = Envelope.parseFrom(raw.next());
            assertThat(answer.getUid()).isEqualTo("unsigned");
            assertThat(answer.getError().getCode()).isEqualTo(ErrorCodes.INVALID_SIGNATURE);
            assertThat(served).hasValue(0);
        }
    }

    @Test
    void fiveThousandCallsInFlightAreAllAnswered() throws Exception {
        RmbClient caller = connect(twin(3, relay.ws()).session("many"));
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < IN_FLIGHT; i++) {
            byte[] payload = Integer.toString(i).getBytes(UTF_8);
            replies.add(
                    caller.call(new Address(4, "many"), "echo", payload, Duration.ofMinutes(3))
                            .toCompletableFuture());
        }
        // Whom they are for comes only now, so all of them are under way at once.
        assertThat(caller.callsInFlight()).isEqualTo(IN_FLIGHT);
        connect(
                twin(4, relay.ws())
                        .session("many")
                        .handle("echo", request -> completedFuture(request.payload())));
        for (int i = 0; i < IN_FLIGHT; i++) {
            assertThat(new String(replies.get(i).get(120, TimeUnit.SECONDS).payload(), UTF_8))
                    .isEqualTo(Integer.toString(i));
        }
        assertThat(caller.callsInFlight()).isZero();
    }

    @Test
    void withOneOfTwoRelaysKilledNoCallIsLostAndNoneRunsTwice() throws Exception {
        try (RelayProcess second = up("two")) {
            Set<String> run = ConcurrentHashMap.newKeySet();
            var twice = new AtomicInteger();
            RmbClient service =
                    connect(
                            twin(6, second.ws(), relay.ws())
                                    .session("two")
                                    .handle(
                                            "echo",
                                            request -> {
                                                String uid = request.envelope().getUid();
                                                twice.addAndGet(run.add(uid) ? 0 : 1);
                                                return completedFuture(request.payload());
                                            }));
            RmbClient caller = connect(twin(5, second.ws(), relay.ws()).session("two"));
            await().until(() ->
                    service.connectedRelays().size() == 2 && caller.connectedRelays().size() == 2);
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                replies.add(
                        caller.call(
                                        Call.of(new Address(6, "two"), "echo")
                                                .withPayload(new byte[100])
                                                .withTtl(TTL)
                                                .idempotent())
                                .toCompletableFuture());
                if (i == 1_000) {
                    second.kill();
                }
            }
            for (CompletableFuture<Reply> reply : replies) {
                assertThat(reply.get(90, TimeUnit.SECONDS).payload()).hasSize(100);
            }
            assertThat(twice).hasValue(0);
            assertThat(run).hasSize(2_000);
            assertThat(caller.connectedRelays()).hasSize(1);
        }
    }

    /** Prints what it measures; see docs/performance.md. */
    @Test
    @Tag("long")
    void memoryStaysFlatOverTwoHundredThousandCalls() throws Exception {
        connect(
                twin(8, relay.ws())
                        .session("long")
                        .handle("echo", request -> completedFuture(request.payload())));
        RmbClient caller = connect(twin(7, relay.ws()).session("long"));
        // So many that nothing that is remembered grows any more.
        calls(caller, 50_000);
        long before = usedHeap();
        for (int round = 1; round <= 4; round++) {
            long start = System.nanoTime();
            calls(caller, 50_000);
            System.out.printf(
                    "after %,d calls: %.1f MiB used, %,.0f calls/s%n",
                    (round + 1) * 50_000,
                    usedHeap() / 1048576.0,
                    50_000 / ((System.nanoTime() - start) / 1e9));
        }
        assertThat(usedHeap() - before).isLessThan(4L << 20);
    }

    private static void calls(RmbClient caller, int count) throws Exception {
        var window = new Semaphore(512);
        var failed = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            window.acquire();
            var _ =
                    caller.call(new Address(8, "long"), "echo", new byte[200], TTL)
                            .whenComplete((reply, failure) -> {
                                failed.addAndGet(failure == null ? 0 : 1);
                                window.release();
                            });
        }
        assertThat(window.tryAcquire(512, 60, TimeUnit.SECONDS)).isTrue();
        assertThat(failed).hasValue(0);
    }

    private static long usedHeap() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
