package dev.rmb.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import dev.rmb.twins.DirectoryException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminServerTest {
    private final MetricRegistry metrics = new MetricRegistry();
    private AdminServer server;
    private AdminClient client;

    /** Fails in every way that a resource can. */
    @Path("/api/v1/trouble")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    public static final class Trouble {
        @GET
        @Path("{kind}")
        public String fail(@PathParam("kind") String kind) {
            throw switch (kind) {
                case "away" -> DirectoryException.retryable("the chain does not answer", null);
                case "refused" -> ProblemException.badRequest("too many frobs");
                case "broken" -> new IllegalStateException("nobody outside should read this");
                default -> new NotFoundException();
            };
        }

        @GET
        public boolean flag(@QueryParam("local") @DefaultValue("false") boolean local) {
            return local;
        }

        /** A body. */
        public record Frob(int size) {}

        @POST
        @Consumes(MediaType.APPLICATION_JSON)
        public Frob frob(Frob frob) {
            return frob;
        }
    }

    @BeforeEach
    void start() {
        server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), metrics);
        server.register(new Trouble());
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void theAddressHasThePortThatWasBound() {
        assertThat(server.address().host()).isEqualTo("127.0.0.1");
        assertThat(server.address().port()).isPositive();
    }

    @Test
    void readinessSaysWhichCheckFailsAndWhy() throws Exception {
        var trouble = new AtomicReference<String>("");
        server.readiness()
                .register(
                        "kafka",
                        new HealthCheck() {
                            @Override
                            protected Result check() {
                                return trouble.get().isEmpty()
                                        ? Result.healthy()
                                        : Result.unhealthy(trouble.get());
                            }
                        });
        server.readiness()
                .register(
                        "broken",
                        new HealthCheck() {
                            @Override
                            protected Result check() {
                                if (!trouble.get().isEmpty()) {
                                    throw new IllegalStateException("the check itself");
                                }
                                return Result.healthy();
                            }
                        });

        var ready = client.get("/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json())
                .hasToString(
                        "{\"status\":\"ready\",\"checks\":{\"broken\":{\"ok\":true},\"kafka\":{\"ok\":true}}}");

        trouble.set("no broker answers");
        var not = client.get("/health/ready");
        assertThat(not.status()).isEqualTo(503);
        assertThat(not.json())
                .hasToString(
                        "{\"status\":\"not ready\",\"checks\":{\"broken\":{\"ok\":false,\"reason\":\"the"
                                + " check itself\"},\"kafka\":{\"ok\":false,\"reason\":\"no broker"
                                + " answers\"}}}");
        assertThat(client.get("/health/live").status()).isEqualTo(200);
        assertThat(client.get("/health/live").json().path("status").asText()).isEqualTo("live");
    }

    @Test
    void requestsThatComeInOnePacketAreAllAnswered() throws Exception {
        for (int n = 0; n < 20; n++) {
            try (Socket socket = new Socket(server.address().host(), server.address().port())) {
                socket.setSoTimeout(20_000);
                String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
                String ready = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n";
                socket.getOutputStream()
                        .write(
                                (live
                                                + "\r\n"
                                                + ready
                                                + "\r\n"
                                                + live
                                                + "Connection: close\r\n\r\n")
                                        .getBytes(US_ASCII));

                String answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);

                assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(4);
                assertThat(answers.split("\"status\":\"live\"", -1)).hasSize(3);
                assertThat(answers).contains("\"status\":\"ready\"");
            }
        }
    }

    @Test
    void aFlagIsTrueOrFalse() throws Exception {
        for (String query : List.of("", "?local=true", "?local=false")) {
            assertThat(client.get("/api/v1/trouble" + query).status()).as(query).isEqualTo(200);
        }
        for (String query :
                List.of("?local=banana", "?local=", "?local=1", "?local=true&local=false")) {
            var refused = client.get("/api/v1/trouble" + query);
            assertThat(refused.status()).as(query).isEqualTo(400);
            assertThat(refused.type()).isEqualTo("application/problem+json");
            assertThat(refused.detail()).startsWith("local is true or false");
        }
    }

    @Test
    void metricsAreServedAsPrometheusText() throws Exception {
        metrics.counter("relay_message_rx").inc(3);

        var answer = client.get("/metrics");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).startsWith("text/plain;").contains("version=0.0.4");
        assertThat(answer.text()).contains("# TYPE relay_message_rx counter\nrelay_message_rx 3\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "GET    | /nowhere                | 404 | Not Found             | -",
                "GET    | /                       | 404 | Not Found             | -",
                "DELETE | /api/v1/trouble/away    | 405 | Method Not Allowed    | only GET, HEAD, OPTIONS"
                        + " may be asked for here",
                "GET    | /api/v1/trouble/refused | 400 | Bad Request           | too many frobs",
                "GET    | /api/v1/trouble/away    | 503 | Service Unavailable   | the chain does not answer",
                "GET    | /api/v1/trouble/broken  | 500 | Internal Server Error | the relay's log says more",
            })
    void anErrorIsAProblem(String method, String path, int status, String title, String detail)
            throws Exception {
        var answer = client.send(method, path, "", "");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.json().path("type").asText()).isEqualTo("about:blank");
        assertThat(answer.json().path("title").asText()).isEqualTo(title);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("detail").asText(null)).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "application/json | {           | 400 | the body is no valid JSON at line 1",
                "application/json | {} x        | 400 | the body is no valid JSON at line 1",
                "application/json | {'size':'x'} | 400 | the value of 'size' does not fit",
                "application/json | {'size':1,'sice':2} | 400 | there is no field 'sice'",
                "text/plain       | {'size':1}  | 415 | \"\"",
            })
    void aBadBodyIsAProblem(String type, String body, int status, String detail) throws Exception {
        var answer = client.send("POST", "/api/v1/trouble", type, body.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.detail()).startsWith(detail);
        assertThat(answer.text()).doesNotContain("dev.rmb");
    }

    @Test
    void aHugeBodyIsRefused() throws Exception {
        var answer =
                client.send("POST", "/api/v1/trouble", "{\"size\":" + "1".repeat(2 << 20) + "}");

        assertThat(answer.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.org", "127.0.0.1.evil.org:8081", "10.0.0.1", "[::2]:1"})
    void aRequestForAnotherHostIsRefused(String host) throws Exception {
        assertThat(statusLine(host)).contains(" 421 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:9", "127.0.0.1", "127.0.0.1:8081", "[::1]:81"})
    void thisMachineMayBeNamedInAnyWay(String host) throws Exception {
        assertThat(statusLine(host)).contains(" 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.org", "null", "http://127.0.0.1.evil.org:8081"})
    void aPageOfAnotherSiteMayNotUseIt(String origin) throws Exception {
        assertThat(statusLine("127.0.0.1\r\nOrigin: " + origin)).contains(" 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:3000", "http://127.0.0.1", "http://[::1]:81"})
    void aPageOfThisMachineMay(String origin) throws Exception {
        assertThat(statusLine("127.0.0.1\r\nOrigin: " + origin)).contains(" 200 ");
    }

    private String statusLine(String host) throws Exception {
        try (var socket = new Socket(server.address().host(), server.address().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            ("GET /health/live HTTP/1.1\r\nHost: "
                                            + host
                                            + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void aTakenPortIsAnErrorThatNamesItAndTheSetting() {
        var second =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(server.address()), new MetricRegistry());

        assertThatThrownBy(second::start)
                .isInstanceOf(AdminServerException.class)
                .hasMessageContaining(server.address().toString())
                .hasMessageContaining("admin.listen");
        second.close();
    }

    @Test
    void anAddressThatOthersReachIsRefused() {
        assertThatThrownBy(() ->
                        ConfigLoader.parse("listen: '0.0.0.0:8081'", AdminConfig.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("0.0.0.0:8081")
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void afterTheStopThePortIsFree() {
        var address = server.address();
        server.close();
        server.close();

        try (var again =
                AdminServer.trustingThisMachine(AdminConfig.on(address), new MetricRegistry())) {
            again.start();
            assertThat(again.address()).isEqualTo(address);
        }
    }
}
