package dev.rmb.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.KnownToken;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Open;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import dev.rmb.testing.LogLines;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the admin port answers. */
final class AccessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<Role, AccessToken> tokens =
            Map.of(
                    Role.VIEWER, AccessToken.random(new SecureRandom()),
                    Role.OPERATOR, AccessToken.random(new SecureRandom()),
                    Role.ADMIN, AccessToken.random(new SecureRandom()));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AdminServer server;

    /** One method for each kind of access. */
    @Path("/api/v1/things/{id}")
    @Needs(Role.VIEWER)
    public static final class Things {
        @GET
        public String see(@Context SecurityContext visitor) {
            return visitor.getUserPrincipal().getName();
        }

        @POST
        @Needs(Role.OPERATOR)
        public void change(@PathParam("id") String id) {
            if (id.equals("none")) {
                throw ProblemException.badRequest("there is no such thing");
            }
        }

        @DELETE
        @Needs(Role.ADMIN)
        public void remove(@PathParam("id") String id) {
            if (!id.isEmpty()) {
                throw new IllegalStateException("broken");
            }
        }

        @GET
        @Path("mail")
        @Audited
        public void read() {}

        @POST
        @Path("new")
        public Response make(@Context HttpServletRequest request) {
            Audit.note(request, "colour red\n by nobody");
            return Response.created(URI.create("/api/v1/things/7")).build();
        }

        @GET
        @Path("open")
        @Open
        public String open() {
            return "open";
        }
    }

    /** Says it for one method only. */
    @Path("/api/v1/forgotten")
    public static final class Forgotten {
        @GET
        @Needs(Role.VIEWER)
        public String see() {
            return "";
        }

        @POST
        public void change() {}
    }

    @BeforeEach
    void start() {
        List<KnownToken> known =
                tokens.entrySet().stream()
                        .map(token -> token.getValue().known(token.getKey() + "-1", token.getKey()))
                        .toList();
        server =
                AdminServer.guarded(
                        new AdminConfig(
                                HostPort.parse("127.0.0.1:0"),
                                null,
                                null,
                                false,
                                known,
                                null,
                                true),
                        new MetricRegistry());
        server.register(new Things());
        server.start();
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private HttpResponse<String> ask(String method, String path, @Nullable String authorization)
            throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://" + server.address() + path))
                        .timeout(PATIENCE)
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String bearer(Role role) {
        return "Bearer " + Objects.requireNonNull(tokens.get(role)).secret();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    VIEWER,   200",
        "GET,    OPERATOR, 200",
        "GET,    ADMIN,    200",
        "POST,   VIEWER,   403",
        "POST,   OPERATOR, 204",
        "POST,   ADMIN,    204",
        "DELETE, VIEWER,   403",
        "DELETE, OPERATOR, 403",
        "DELETE, ADMIN,    500",
    })
    void eachRoleMayDoWhatThoseBeforeItMay(String method, Role role, int status) throws Exception {
        var answer = ask(method, "/api/v1/things/1", bearer(role));

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void aRefusalNamesTheRoleThatIsNeeded() throws Exception {
        var answer = ask("POST", "/api/v1/things/1", bearer(Role.VIEWER));

        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("needs the role operator").contains("viewer-1");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                .contains("insufficient_scope")
                .contains("scope=\"operator\"");
    }

    @Test
    void withoutATokenTheAnswerSaysHowToShowOne() throws Exception {
        var answer = ask("GET", "/api/v1/things/1", null);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("role viewer").contains("Authorization: Bearer");
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer realm="));
    }

    @Test
    void aWrongTokenIsRefusedAndAfterTooManySoIsEveryOther() throws Exception {
        for (int i = 0; i < 10; i++) {
            var wrong = ask("GET", "/api/v1/things/1", "Bearer rmb_guess");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.headers().firstValue("WWW-Authenticate").orElse(""))
                    .contains("invalid_token");
        }

        var locked = ask("GET", "/api/v1/things/1", bearer(Role.ADMIN));
        assertThat(locked.statusCode()).isEqualTo(429);
        assertThat(locked.body()).contains("\"status\":429").contains("too many wrong tokens");
        assertThat(locked.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 31L);
        assertThat(ask("GET", "/health/live", "Bearer rmb_guess").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/live",
                "/health/ready",
                "/metrics",
                "/api/v1/things/1/open",
            })
    void whatIsOpenNeedsNoToken(String path) throws Exception {
        assertThat(ask("GET", path, null).statusCode()).isEqualTo(200);
    }

    @Test
    void metricsNeedATokenWhereTheConfigurationSaysSo() throws Exception {
        server.close();
        server =
                AdminServer.guarded(
                        ConfigLoader.parse(
                                "{listen: '127.0.0.1:0', openMetrics: false}",
                                AdminConfig.class,
                                Map.of()),
                        new MetricRegistry());
        server.start();

        assertThat(ask("GET", "/metrics", null).statusCode()).isEqualTo(401);
        assertThat(ask("GET", "/health/live", null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "[::1], 0:0:0:0:0:0:0:1",
        "::1, 0:0:0:0:0:0:0:1",
        "[fe80::1%eth0], fe80:0:0:0:0:0:0:1",
        "fe80::1%2, fe80:0:0:0:0:0:0:1",
    })
    void anAddressIsKnownHoweverItIsWritten(String written, String address) {
        assertThat(AccessFilter.address(written).getHostAddress()).isEqualTo(address);
    }

    @Test
    void aResourceLearnsWhoAsks() throws Exception {
        assertThat(ask("GET", "/api/v1/things/1", bearer(Role.VIEWER)).body())
                .isEqualTo("viewer-1");
    }

    @Test
    void eachChangeIsWrittenDownWithItsResultAndNothingElseIs() throws Exception {
        try (LogLines audit = LogLines.of(AuditLog.LOGGER)) {
            ask("POST", "/api/v1/things/1", bearer(Role.OPERATOR));
            ask("POST", "/api/v1/things/none?secret=x", bearer(Role.ADMIN));
            ask("POST", "/api/v1/things/%202", bearer(Role.VIEWER));
            ask("DELETE", "/api/v1/things/3", bearer(Role.ADMIN));
            ask("DELETE", "/api/v1/things/4", null);
            ask("GET", "/api/v1/things/5", bearer(Role.ADMIN));
            ask("GET", "/api/v1/things/6/mail", bearer(Role.ADMIN));
            ask("POST", "/api/v1/things/6/new", bearer(Role.ADMIN));

            await().atMost(PATIENCE).until(() -> audit.all().size() >= 6);
            assertThat(audit.all())
                    .containsExactly(
                            "POST /api/v1/things/1 by operator-1 (operator) from 127.0.0.1: 204 done",
                            "POST /api/v1/things/none by admin-1 (admin) from 127.0.0.1: 400 refused",
                            "POST /api/v1/things/%202 by viewer-1 (viewer) from 127.0.0.1: 403 refused",
                            "DELETE /api/v1/things/3 by admin-1 (admin) from 127.0.0.1: 500 failed",
                            "GET /api/v1/things/6/mail by admin-1 (admin) from 127.0.0.1: 204 done",
                            "POST /api/v1/things/6/new by admin-1 (admin) from 127.0.0.1: 201 done:"
                                    + " /api/v1/things/7, colour red? by nobody");
            assertThat(audit.all().toString()).doesNotContain("rmb_").doesNotContain("secret");
        }
    }

    @Test
    void aResourceThatDoesNotSayWhichRoleItNeedsIsNotServed() {
        assertThatThrownBy(() -> server.register(new Forgotten()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which role it needs")
                .hasMessageEndingWith("change");
    }

    @Test
    void aTokenInAFileWorksUntilItIsTakenOut(@TempDir java.nio.file.Path directory)
            throws Exception {
        server.close();
        AccessToken late = AccessToken.random(new SecureRandom());
        java.nio.file.Path file = Files.createFile(directory.resolve("tokens"));
        server =
                AdminServer.guarded(
                        ConfigLoader.parse(
                                "{listen: '127.0.0.1:0', tokenFile: '" + file + "'}",
                                AdminConfig.class,
                                Map.of()),
                        new MetricRegistry());
        server.register(new Things());
        server.start();
        assertThat(ask("GET", "/api/v1/things/1", null).statusCode()).isEqualTo(401);

        Files.writeString(file, late.known("late", Role.VIEWER).line());
        awaitStatus(200, "Bearer " + late.secret());

        Files.writeString(file, "");
        awaitStatus(401, "Bearer " + late.secret());
    }

    private void awaitStatus(int status, String authorization) {
        // Fewer questions than lock anybody out.
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> ask("GET", "/api/v1/things/1", authorization).statusCode() == status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: '0.0.0.0:8081' | there are no tokens",
                "{listen: '0.0.0.0:8081', insecure: true} | there are no tokens",
                "{listen: '0.0.0.0:8081', tokenFile: t} | plain text",
            })
    void whereOthersReachItThereAreTokensAndTls(String yaml, String complaint) {
        assertThatThrownBy(() -> ConfigLoader.parse(yaml, AdminConfig.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("0.0.0.0:8081")
                .hasMessageContaining(complaint);
    }

    @Test
    void whereTokensAreKnownThisMachineNeedsOneToo() throws Exception {
        server.close();
        server =
                AdminServer.trustingThisMachine(
                        ConfigLoader.parse(
                                "{listen: '127.0.0.1:0', tokens: [{name: a, role: viewer, hash:"
                                        + " 'sha256:"
                                        + "0".repeat(64)
                                        + "'}]}",
                                AdminConfig.class,
                                Map.of()),
                        new MetricRegistry());
        server.register(new Things());
        server.start();

        assertThat(ask("GET", "/api/v1/things/1", null).statusCode()).isEqualTo(401);
    }

    @Test
    void overTlsItIsReachedByThoseWhoTrustItsAuthority(@TempDir java.nio.file.Path directory)
            throws Exception {
        server.close();
        TestAuthority authority = new TestAuthority("pods");
        TestIdentity files = authority.identity("localhost").writeTo(directory);
        server =
                AdminServer.guarded(
                        ConfigLoader.parse(
                                "{listen: 'localhost:0', tls: {certificate: '%s', key: '%s'}}"
                                        .formatted(files.certificate(), files.key()),
                                AdminConfig.class,
                                Map.of()),
                        new MetricRegistry());
        server.register(new Things());
        server.start();
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authority.trustStore());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var request =
                HttpRequest.newBuilder(
                                URI.create("https://" + server.address() + "/api/v1/things/1"))
                        .timeout(PATIENCE)
                        .build();

        assertThat(server.isSecure()).isTrue();
        try (HttpClient trusting = HttpClient.newBuilder().sslContext(context).build()) {
            assertThat(trusting.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }
        assertThatThrownBy(() -> http.send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(SSLException.class);
    }
}
