package dev.rmb.twins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rmb.protocol.identity.AccountId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a relay that a few lines here play. */
final class RelayTwinDirectoryTest extends TwinDirectoryContract {
    private final TwinTable twins = new TwinTable();
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile int failing;
    private @Nullable HttpServer relay;
    private @Nullable RelayTwinDirectory directory;

    @BeforeEach
    void start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/twins", this::serve);
        server.start();
        relay = server;
        directory =
                new RelayTwinDirectory(
                        URI.create("ws://127.0.0.1:" + server.getAddress().getPort()),
                        http,
                        100,
                        clock::get);
    }

    @AfterEach
    void stop() {
        directory().close();
        if (relay != null) {
            relay.stop(0);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String path = exchange.getRequestURI().toString();
        Optional<Twin> found =
                path.startsWith("/twins/")
                        ? twins.byId(Long.parseLong(path.substring("/twins/".length())))
                        : twins.byAccount(
                                AccountId.parse(path.substring("/twins?account=".length())));
        int status = failing != 0 ? failing : found.isPresent() ? 200 : 404;
        byte[] body =
                found.map(twin -> TwinJson.write(twin).toString())
                        .orElse("twin not found")
                        .getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
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
        if (directory == null) {
            throw new IllegalStateException("not started");
        }
        return directory;
    }

    @Override
    boolean tellsOfChanges() {
        return false;
    }

    private void later(Duration by) {
        clock.addAndGet(by.toNanos());
    }

    @Test
    void anAnswerIsKeptForAMinute() throws Exception {
        given(List.of(Twins.full(7)));
        for (int i = 0; i < 10; i++) {
            assertThat(now(directory().byId(7))).contains(Twins.full(7));
            assertThat(now(directory().byId(8))).isEmpty();
        }
        assertThat(asked).hasValue(2);

        later(Duration.ofSeconds(61));
        assertThat(now(directory().byId(7))).contains(Twins.full(7));
        assertThat(asked).hasValue(3);
    }

    @Test
    void aRelayThatCannotBeAskedLeavesWhatItSaidForAnHour() throws Exception {
        given(List.of(Twins.full(7)));
        assertThat(now(directory().byId(7))).contains(Twins.full(7));

        for (int status : new int[] {429, 500}) {
            failing = status;
            later(Duration.ofMinutes(2));
            assertThat(now(directory().byId(7))).contains(Twins.full(7));
        }
        failing = 503;
        assertThatThrownBy(() -> now(directory().byId(8)))
                .cause()
                .isInstanceOfSatisfying(
                        DirectoryException.class, e -> assertThat(e.isRetryable()).isTrue());

        later(Duration.ofHours(2));
        assertThatThrownBy(() -> now(directory().byId(7))).hasMessageContaining("answered 503");
    }

    @Test
    void whatIsNoAddressOfARelayIsRefused() {
        assertThatThrownBy(() ->
                        new RelayTwinDirectory(URI.create("ftp://relay.example.org"), http, 100))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
