package dev.rmb.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.limits.LimitChange;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinJson;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /twins} on the public port. */
final class PublicLookUpsTest {
    private static final Twin FULL =
            new Twin(7, AccountId.of(new byte[32]), "r.example.org", new byte[] {2, 3});

    private final InMemoryTwins twins = InMemoryTwins.of(FULL);

    @Test
    void twinsAreFoundByIdAndByAccount() throws Exception {
        try (var gateway = new TestGateway("", twins)) {
            HttpResponse<String> byId = get(gateway, "/twins/7");
            assertThat(byId.statusCode()).isEqualTo(200);
            assertThat(byId.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(byId.body()).isEqualTo(TwinJson.write(FULL).toString());
            assertThat(
                            TwinJson.read(byId.body().replace("0x0203", "0x02" + "00".repeat(32)))
                                    .relay())
                    .isEqualTo("r.example.org");
            assertThat(get(gateway, "/twins?account=" + FULL.account()).body())
                    .isEqualTo(byId.body());
            assertThat(get(gateway, "/twins?account=" + FULL.account().ss58()).body())
                    .isEqualTo(byId.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/twins/8", "/twins/0", "/twins/-1", "/twins/9999999999999"})
    void whoIsNoTwinIsNotFound(String path) throws Exception {
        try (var gateway = new TestGateway("", twins)) {
            HttpResponse<String> answer = get(gateway, path);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo("twin not found");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("text/plain; charset=utf-8");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-cache");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/twins",
                "/twins/",
                "/twins/x",
                "/twins/7/8",
                "/twins?account=0x12",
                "/twins?account=%zz",
                "/twins?id=7"
            })
    void whatIsNoQuestionIsRefused(String path) throws Exception {
        try (var gateway = new TestGateway("", twins)) {
            assertThat(raw(gateway, path)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
        try (var gateway = new TestGateway("", twins);
                var socket = new Socket(gateway.address().host(), gateway.address().port())) {
            String length = "" + TwinJson.write(FULL).toString().length();
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head("/twins/7", "keep-alive"));
            socket.getOutputStream().write(head("/twins/8", "close"));
            String both = new String(socket.getInputStream().readAllBytes(), US_ASCII);

            assertThat(both)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("content-length: " + length, "\r\n\r\nHTTP/1.1 404 ")
                    .endsWith("\r\n\r\n");
        }
    }

    private static byte[] head(String path, String connection) {
        return "HEAD %s HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n"
                .formatted(path, connection)
                .getBytes(US_ASCII);
    }

    @Test
    void howManyThereAreCanBeChangedAndTurnedOff() throws Exception {
        try (var gateway = new TestGateway("lookUps: {perRemote: 0}", twins)) {
            change(gateway, 3);
            assertThat(get(gateway, "/twins/7").statusCode()).isEqualTo(200);
            int refused = 0;
            for (int i = 0; i < 7; i++) {
                refused += get(gateway, "/twins/7").statusCode() == 429 ? 1 : 0;
            }
            assertThat(refused).isPositive();

            change(gateway, 0);
            assertThat(get(gateway, "/twins/7").body()).isEqualTo("page not found");
        }
    }

    private static void change(TestGateway gateway, long value) {
        gateway.limits.put(
                new LimitChange("gateway.lookUps.perRemote", value, null, Instant.EPOCH));
    }

    private static String raw(TestGateway gateway, String path) throws Exception {
        try (var socket = new Socket(gateway.address().host(), gateway.address().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                    .getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void aRemoteAddressHasSoManyInAMinute() throws Exception {
        try (var gateway = new TestGateway("lookUps: {perRemote: 3}", twins)) {
            int refused = 0;
            // A minute may end between them.
            for (int i = 0; i < 7; i++) {
                refused += get(gateway, "/twins/7").statusCode() == 429 ? 1 : 0;
            }
            assertThat(refused).isPositive();
            assertThat(gateway.counter("rmb_gateway_twin_look_ups_refused_total"))
                    .isEqualTo(refused);
        }
    }

    @Test
    void whereItIsOffOrTheTwinsAreFarAwayThereIsNoSuchPage() throws Exception {
        try (var gateway = new TestGateway("lookUps: {perRemote: 0}", twins)) {
            assertThat(get(gateway, "/twins/7").body()).isEqualTo("page not found");
        }
        try (var gateway = new TestGateway("", new FarAway(twins))) {
            assertThat(get(gateway, "/twins/7").statusCode()).isEqualTo(404);
            assertThat(get(gateway, "/twins/7").body()).isEqualTo("page not found");
        }
    }

    /** A directory that cannot list its twins. */
    private record FarAway(InMemoryTwins twins) implements TwinDirectory {
        @Override
        public CompletionStage<Optional<Twin>> byId(long id) {
            return twins.byId(id);
        }

        @Override
        public CompletionStage<Optional<Twin>> byAccount(AccountId account) {
            return twins.byAccount(account);
        }

        @Override
        public void close() {}
    }

    private static HttpResponse<String> get(TestGateway gateway, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://" + gateway.address() + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
