package dev.rmb.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Pods whose admin ports speak TLS and ask for tokens, and what {@code ./relay} shows of them: they
 * ask each other over TLS, too.
 */
final class AdminTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestAuthority AUTHORITY = new TestAuthority("cluster");
    private static final TestAuthority STRANGERS = new TestAuthority("strangers");
    private static final AccessToken TOKEN = AccessToken.random(new SecureRandom());

    @SuppressWarnings("NullAway.Init")
    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @SuppressWarnings("NullAway.Init")
    private static Node router;

    @SuppressWarnings("NullAway.Init")
    private static Node gateway;

    @SuppressWarnings("NullAway.Init")
    private static Path trust;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        router = Node.router(config("router-1", AUTHORITY));
        gateway = Node.gateway(config("gateway-1", AUTHORITY));
        trust = directory.resolve("gateway-1-tls/ca.crt");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        router.close();
        broker.close();
    }

    @Test
    void aGatewayTellsWhatItAsksItsRouterOverTls() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    assertThat(view("partitions")).describedAs(err.toString()).isZero();
                    assertThat(out.toString().lines().filter(line -> line.contains("serving")))
                            .hasSize(2)
                            .allMatch(line -> line.contains("router-1"));
                });
        assertThat(view("pods")).isZero();
        assertThat(out.toString()).contains("gateway-1").contains("router-1");
    }

    @Test
    void aPodWithACertificateOfStrangersIsMissingInTheList() throws Exception {
        try (Node stranger = Node.gateway(config("stranger", STRANGERS))) {
            assertThat(stranger.isAdminSecure()).isTrue();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(view("sessions")).isEqualTo(7));
            assertThat(err.toString()).contains("relay: without stranger: ", "certificat");
            assertThat(out.toString()).startsWith("id ");
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(view("sessions")).isZero());
    }

    @Test
    void anUnknownCertificateIsSaidToBeOne() {
        assertThat(run("pods", "--admin", "https://" + gateway.admin(), "--token", secret()))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("the certificate of https://", "--trust FILE")
                .doesNotContain("no relay answers");
    }

    @Test
    void aWrongTokenAndNoneAreSaidToBeThat() {
        String other = AccessToken.random(new SecureRandom()).secret();
        assertThat(run("pods", "--admin", address(), "--trust", trust.toString(), "--token", other))
                .isEqualTo(1);
        assertThat(err.toString()).contains("the relay refused (401)").doesNotContain(other);
    }

    @Test
    void theWrongSchemeIsSaidToBeOne() throws IOException {
        assertThat(run("pods", "--admin", "http://" + gateway.admin())).isEqualTo(1);
        assertThat(err.toString()).contains("https://").doesNotContain("no relay answers");
        assertThat(run("pods", "--admin", "localhost:8081")).isEqualTo(1);
        assertThat(err.toString()).contains("is no address");
        assertThat(run("pods", "--admin", "https://127.0.0.1:" + portOfNobody())).isEqualTo(1);
        assertThat(err.toString()).contains("no relay answers at https://127.0.0.1");
    }

    private static int portOfNobody() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String address() {
        return "https://" + gateway.admin();
    }

    private static String secret() {
        return TOKEN.secret();
    }

    private int view(String what) {
        return run(what, "--admin", address(), "--trust", trust.toString(), "--token", secret());
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = RelayCommand.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    /** For either role: each reads its own section. */
    private static RelayConfig config(String name, TestAuthority authority) {
        TestIdentity identity =
                authority.identity("127.0.0.1").writeTo(directory.resolve(name + "-tls"));
        // Strangers trust the cluster: it is they who are not trusted.
        AUTHORITY.writeTrust(identity.trust());
        return ConfigLoader.parse(
                """
                gateway: {name: %s, listen: '127.0.0.1:0'}
                router: {name: %s, listen: '127.0.0.1:0', streams: {stateDirectory: '%s', standbys: 0}}
                kafka: {bootstrap.servers: '%s', partitions: 2, replication: 1, acceptWeakReplication: true}
                admin:
                  listen: 127.0.0.1:0
                  tls: {certificate: '%s', key: '%s', trust: '%s'}
                  tokens: [{name: night, role: viewer, hash: '%s'}]
                """
                        .formatted(
                                name,
                                name,
                                directory.resolve(name),
                                broker.bootstrapServers(),
                                identity.certificate(),
                                identity.key(),
                                identity.trust(),
                                TOKEN.known("night", Role.VIEWER).hash()),
                RelayConfig.class,
                Map.of());
    }
}
