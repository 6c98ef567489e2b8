package dev.rmb.twins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.rmb.protocol.identity.AccountId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against relays that a few lines here play. */
final class RelayTwinDirectoryTest extends TwinDirectoryContract {
    private static final int SIZE = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final TwinTable twins = new TwinTable();
    private final AtomicLong clock = new AtomicLong();
    private final HttpClient http = HttpClient.newHttpClient();
    private final PublicPort relay = new PublicPort();
    private final PublicPort other = new PublicPort();
    private final RelayTwinDirectory directory =
            new RelayTwinDirectory(
                    List.of(relay.uri(), other.uri()), http, SIZE, TIMEOUT, clock::get);

    /** What a relay shows of its registry, and what it may do wrong. */
    private final class PublicPort implements AutoCloseable {
        final AtomicInteger asked = new AtomicInteger();
        private final ExecutorService threads =
                Executors.newCachedThreadPool(task -> {
                    var thread = new Thread(task, "public-port");
                    thread.setDaemon(true);
                    return thread;
                });
        private final HttpServer server;
        private volatile @Nullable HttpHandler instead;

        PublicPort() {
            try {
                server =
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.setExecutor(threads);
            server.createContext("/", this::serve);
            server.start();
        }

        URI uri() {
            return URI.create("ws://127.0.0.1:" + server.getAddress().getPort());
        }

        /** Does this from now on; {@code null} to answer as it should. */
        void does(@Nullable HttpHandler fault) {
            instead = fault;
        }

        private void serve(HttpExchange exchange) throws IOException {
            asked.incrementAndGet();
            HttpHandler fault = instead;
            if (fault != null) {
                fault.handle(exchange);
                return;
            }
            serveAsItShould(exchange);
        }

        void serveAsItShould(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().toString();
            Optional<Twin> found =
                    path.startsWith("/twins/")
                            ? twins.byId(Long.parseLong(path.substring("/twins/".length())))
                            : twins.byAccount(
                                    AccountId.parse(path.substring("/twins?account=".length())));
            answer(
                    exchange,
                    found.isPresent() ? 200 : 404,
                    found.map(twin -> TwinJson.write(twin).toString()).orElse("twin not found"));
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static HttpHandler answering(int status, String text) {
        return exchange -> answer(exchange, status, text);
    }

    @AfterEach
    void stop() {
        directory.close();
        relay.close();
        other.close();
    }

    @Override
    void given(List<Twin> wanted) {
        twins.clear();
        wanted.forEach(twins::put);
        // What was told is old now.
        later(Duration.ofMinutes(2));
    }

    @Override
    TwinDirectory directory() {
        return directory;
    }

    @Override
    boolean tellsOfChanges() {
        return false;
    }

    private void later(Duration by) {
        clock.addAndGet(by.toNanos());
    }

    private int asked() {
        return relay.asked.get() + other.asked.get();
    }

    @Test
    void anAnswerIsKeptForAMinute() throws Exception {
        given(List.of(Twins.full(7)));
        for (int i = 0; i < 10; i++) {
            assertThat(now(directory.byId(7))).contains(Twins.full(7));
            assertThat(now(directory.byId(8))).isEmpty();
        }
        assertThat(asked()).isEqualTo(2);

        later(Duration.ofSeconds(61));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void aThousandWhoAskForOneTwinAreOneQuestion() throws Exception {
        given(List.of(Twins.full(7)));
        var go = new CountDownLatch(1);
        relay.does(exchange -> {
            awaitQuietly(go);
            relay.serveAsItShould(exchange);
        });
        List<CompletionStage<Optional<Twin>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(directory.byId(7));
        }
        go.countDown();

        for (CompletionStage<Optional<Twin>> answer : answers) {
            assertThat(now(answer)).contains(Twins.full(7));
        }
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void noMoreAnswersAreKeptThanAllowed() throws Exception {
        for (long id = 1; id <= 3L * SIZE; id++) {
            twins.put(Twins.full(id));
            assertThat(now(directory.byId(id))).contains(Twins.full(id));
            assertThat(now(directory.byId(id + 1_000_000))).isEmpty();
        }

        assertThat(directory.size()).isBetween(1L, (long) SIZE);
    }

    @Test
    void aRelayThatIsAwayIsStoodInForByTheOther() throws Exception {
        given(List.of(Twins.full(7), Twins.full(8), Twins.full(9)));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        assertThat(other.asked).hasValue(0);

        relay.close();
        assertThat(now(directory.byId(8))).contains(Twins.full(8));
        assertThat(now(directory.byId(9))).contains(Twins.full(9));
        assertThat(now(directory.byId(10))).isEmpty();
        assertThat(other.asked).hasValue(3);

        other.close();
        assertThat(now(directory.byId(9))).contains(Twins.full(9));
        assertFails(directory.byId(11), true, "no relay can be asked");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void relaysThatCannotAnswerLeaveWhatTheySaidForAnHour(int status) throws Exception {
        given(List.of(Twins.full(7)));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        relay.does(answering(status, "try again"));
        other.does(answering(status, "try again"));

        later(Duration.ofMinutes(2));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        assertFails(directory.byId(8), true, "answered " + status);

        later(Duration.ofMinutes(57));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        later(Duration.ofMinutes(2));
        assertFails(directory.byId(7), true, "answered " + status);

        relay.does(null);
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
    }

    @Test
    void whileNoRelayCanBeAskedWhatIsKnownIsGivenAtOnce() throws Exception {
        given(List.of(Twins.full(7)));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        relay.does(answering(500, ""));
        other.does(answering(500, ""));
        later(Duration.ofMinutes(2));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        int before = asked();

        for (int i = 0; i < 10; i++) {
            assertThat(directory.byId(7).toCompletableFuture())
                    .isCompletedWithValue(Optional.of(Twins.full(7)));
        }
        assertThat(asked()).isEqualTo(before);

        twins.put(Twins.bare(7));
        relay.does(null);
        later(Duration.ofSeconds(6));
        assertThat(now(directory.byId(7))).contains(Twins.bare(7));
    }

    @Test
    void aRelayWithoutPublicLookUpsDoesNotKnowWhoIsNoTwin() {
        relay.does(answering(404, "page not found"));
        other.does(answering(404, "page not found"));

        assertFails(directory.byId(7), false, "answered 404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "[]",
                "{\"id\":7}",
                "{\"id\":7,\"account\":\"0x12\"}",
                "{\"id\":\"7\",\"account\":null}",
            })
    void whatIsNoTwinIsNotBelieved(String garbage) {
        relay.does(answering(200, garbage));
        other.does(answering(200, garbage));

        // The second time, too: it is not kept.
        assertFails(directory.byId(7), false, "is no twin");
        assertFails(directory.byId(7), false, "is no twin");
    }

    @Test
    void anotherTwinThanTheOneAskedForIsNotBelieved() {
        relay.does(answering(200, TwinJson.write(Twins.full(8)).toString()));
        other.does(answering(200, TwinJson.write(Twins.full(8)).toString()));

        assertFails(directory.byId(7), false, "answered twin 8");
        assertFails(directory.byId(7), false, "answered twin 8");
        assertFails(directory.byAccount(Twins.account(7)), false, "answered twin 8");
    }

    @Test
    void anEndlessAnswerIsNotReadToItsEnd() {
        relay.does(RelayTwinDirectoryTest::endless);
        other.does(RelayTwinDirectoryTest::endless);

        assertFails(directory.byId(7), false, "more than 16384 bytes");
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (exchange) {
            for (; ; ) {
                exchange.getResponseBody().write(new byte[1024]);
            }
        }
    }

    @Test
    void aSlowAnswerIsWaitedForABoundedTime() throws Exception {
        given(List.of(Twins.full(7)));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        var never = new CountDownLatch(1);
        relay.does(exchange -> awaitQuietly(never));
        other.does(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitQuietly(never);
        });

        assertFails(directory.byId(8), true, "no relay can be asked");
        later(Duration.ofMinutes(2));
        assertThat(now(directory.byId(7))).contains(Twins.full(7));
        never.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean unused = latch.await(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertFails(
            CompletionStage<Optional<Twin>> answer, boolean retryable, String why) {
        assertThatThrownBy(() -> now(answer))
                .cause()
                .isInstanceOfSatisfying(
                        DirectoryException.class,
                        e -> assertThat(e.isRetryable()).isEqualTo(retryable))
                .hasMessageContaining(why);
    }

    @Test
    void whatIsNoAddressOfARelayIsRefused() {
        for (String wrong : List.of("ftp://relay.example.org", "relay.example.org", "ws:/x")) {
            assertThatThrownBy(() -> new RelayTwinDirectory(List.of(URI.create(wrong)), http, SIZE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new RelayTwinDirectory(List.of(), http, SIZE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
