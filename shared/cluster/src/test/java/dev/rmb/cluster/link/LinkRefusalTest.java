package dev.rmb.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rmb.cluster.tls.PodTls;
import dev.rmb.cluster.tls.TlsSettings;
import dev.rmb.testing.LogLines;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is refused a link, and what the log says of it. */
final class LinkRefusalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestAuthority CLUSTER = new TestAuthority("cluster");
    private static final TestAuthority FOREIGN = new TestAuthority("somebody else");

    @TempDir Path directory;

    private final LogLines lines = LogLines.of("dev.rmb.cluster");
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final RecordingListener<RouterMessage, GatewayMessage> router =
            new RecordingListener<>();
    private TestIdentity routerFiles;
    private String endpoint;

    @BeforeEach
    void listen() throws Exception {
        routerFiles = CLUSTER.identity("localhost").writeTo(directory.resolve("router"));
        PodTls tls = open(routerFiles, null);
        var acceptor =
                new GrpcLinkAcceptor(
                        new Endpoint("router", 1),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        new LinkSecurity.Encrypted(tls));
        parts.push(acceptor);
        endpoint = acceptor.start(router).replace("127.0.0.1", "localhost");
    }

    @AfterEach
    void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
        lines.close();
    }

    @Test
    void aGatewayOfTheClusterIsLinked() {
        var gateway = connect(CLUSTER.identity("gateway"), null);

        await().atMost(PATIENCE).until(gateway::wasOpened);
        assertThat(lines.lines()).isEmpty();
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() {
        TestIdentity foreign = FOREIGN.identity("gateway").writeTo(directory.resolve("gateway"));
        // It would take the router's certificate, so that the router must be the one to refuse.
        FOREIGN.writeTrust(foreign.trust(), CLUSTER);

        assertRefused(connectWith(foreign, null, endpoint));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(lines.lines())
                                .anyMatch(l ->
                                        l.contains("No link for 127.0.0.1")
                                                && l.contains("not signed by an authority")));
    }

    @Test
    void anAuthorityThatIsAddedToARunningRouterIsTrusted() {
        TestIdentity foreign = FOREIGN.identity("gateway").writeTo(directory.resolve("gateway"));
        FOREIGN.writeTrust(foreign.trust(), CLUSTER);
        assertRefused(connectWith(foreign, null, endpoint));

        CLUSTER.writeTrust(routerFiles.trust(), FOREIGN);

        await().atMost(PATIENCE)
                .until(() -> {
                    var again = connectWith(foreign, null, endpoint);
                    await().atMost(PATIENCE)
                            .until(() -> again.wasOpened() || again.closedCount() > 0);
                    return again.wasOpened();
                });
    }

    @Test
    void whoWasLinkedBeforeIsRefusedOnceItsAuthorityIsNotTrustedAnyMore() {
        TestIdentity foreign = FOREIGN.identity("gateway").writeTo(directory.resolve("gateway"));
        FOREIGN.writeTrust(foreign.trust(), CLUSTER);
        CLUSTER.writeTrust(routerFiles.trust(), FOREIGN);
        var connector =
                new GrpcLinkConnector(
                        new Endpoint("gateway", 2),
                        new LinkSecurity.Encrypted(open(foreign, null)));
        parts.push(connector);
        await().atMost(PATIENCE).until(() -> isLinked(connector));

        CLUSTER.writeTrust(routerFiles.trust());

        // The same process: it has a session that it could resume.
        await().atMost(PATIENCE).until(() -> !isLinked(connector));
        assertThat(isLinked(connector)).isFalse();
    }

    /** Opens a link, and closes it. */
    private boolean isLinked(GrpcLinkConnector connector) {
        var gateway = new RecordingListener<GatewayMessage, RouterMessage>();
        connector.connect(endpoint, gateway);
        await().atMost(PATIENCE).until(() -> gateway.wasOpened() || gateway.closedCount() > 0);
        boolean linked = gateway.wasOpened();
        if (linked) {
            gateway.link().close();
        }
        return linked;
    }

    @Test
    void aRoutersNewCertificateIsShownToWhoConnectsAfterIt() {
        var before = connect(CLUSTER.identity("gateway"), null);
        await().atMost(PATIENCE).until(before::wasOpened);

        CLUSTER.identity("renamed").writeTo(directory.resolve("router"));

        await().atMost(PATIENCE)
                .until(() -> {
                    var again = connect(CLUSTER.identity("gateway"), "renamed");
                    await().atMost(PATIENCE)
                            .until(() -> again.wasOpened() || again.closedCount() > 0);
                    return again.wasOpened();
                });
        assertThat(before.closedCount()).isZero();
    }

    @Test
    void anExpiredCertificateIsRefused() {
        TestAuthority.Request expired =
                CLUSTER.identity("gateway").validFor(Duration.ofDays(2), Duration.ofDays(-1));

        handshake(expired.keyStore());

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(lines.lines())
                                .anyMatch(l ->
                                        l.contains("No link for 127.0.0.1")
                                                && l.contains("has expired")));
        assertThat(router.wasOpened()).isFalse();
    }

    @Test
    void whoShowsNoCertificateIsRefusedInOneLineHoweverOftenItTries() {
        for (int i = 0; i < 20; i++) {
            handshake(null);
        }

        await().atMost(PATIENCE).until(() -> !lines.lines().isEmpty());
        assertThat(lines.lines()).hasSize(1).first().asString().contains("it shows no certificate");
        assertThat(router.wasOpened()).isFalse();
    }

    @Test
    void aGatewayWithoutTlsIsRefused() {
        var gateway = new RecordingListener<GatewayMessage, RouterMessage>();
        var connector = new GrpcLinkConnector(new Endpoint("gateway", 2), new LinkSecurity.None());
        parts.push(connector);
        connector.connect(endpoint, gateway);

        assertRefused(gateway);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(lines.lines()).anyMatch(l -> l.contains("does not speak TLS")));
    }

    @Test
    void aRouterOfAnotherNameIsRefusedUnlessThatNameIsExpected() {
        var refused = connect(CLUSTER.identity("gateway"), "rmb-router");
        assertRefused(refused);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(lines.lines())
                                .anyMatch(l ->
                                        l.contains("No link to the router at " + endpoint)
                                                && l.contains("is for another name")));

        var byAddress =
                connect(
                        CLUSTER.identity("gateway"),
                        null,
                        endpoint.replace("localhost", "127.0.0.1"));
        assertRefused(byAddress);

        var expected =
                connect(
                        CLUSTER.identity("gateway"),
                        "localhost",
                        endpoint.replace("localhost", "127.0.0.1"));
        await().atMost(PATIENCE).until(expected::wasOpened);
    }

    @Test
    void withoutTlsNothingLeavesThisMachine() {
        var gateway = new RecordingListener<GatewayMessage, RouterMessage>();
        var connector =
                new GrpcLinkConnector(new Endpoint("gateway", 2), new LinkSecurity.OnThisMachine());
        parts.push(connector);

        connector.connect("192.0.2.1:8082", gateway);
        connector.connect("192.0.2.1:8082", gateway);

        assertThat(gateway.closedCount()).isEqualTo(2);
        assertThat(lines.lines()).hasSize(1).first().asString().contains("need TLS");
        assertThatThrownBy(() ->
                        new GrpcLinkAcceptor(
                                new Endpoint("router", 1),
                                new InetSocketAddress(0),
                                null,
                                new LinkSecurity.OnThisMachine()))
                .hasMessageContaining("need TLS");
    }

    /** Tries to be let in as a program that is not a gateway would. */
    private void handshake(@Nullable KeyStore identity) {
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        try {
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(CLUSTER.trustStore());
            var keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(identity, new char[0]);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            try (var socket =
                    context.getSocketFactory()
                            .createSocket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.getOutputStream()
                        .write("PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        } catch (IOException e) {
            // With TLS 1.3 the refusal comes after the client's part of the handshake.
            assertThat(e).hasMessageMatching("(?i).*(alert|reset|broken pipe|closed).*");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(RecordingListener<GatewayMessage, RouterMessage> gateway) {
        await().atMost(PATIENCE).until(() -> gateway.closedCount() == 1);
        assertThat(gateway.wasOpened()).isFalse();
    }

    private RecordingListener<GatewayMessage, RouterMessage> connect(
            TestAuthority.Request identity, @Nullable String peerName) {
        return connect(identity, peerName, endpoint);
    }

    private RecordingListener<GatewayMessage, RouterMessage> connect(
            TestAuthority.Request identity, @Nullable String peerName, String to) {
        return connectWith(identity.writeTo(directory.resolve("gateway")), peerName, to);
    }

    private RecordingListener<GatewayMessage, RouterMessage> connectWith(
            TestIdentity files, @Nullable String peerName, String to) {
        var listener = new RecordingListener<GatewayMessage, RouterMessage>();
        var connector =
                new GrpcLinkConnector(
                        new Endpoint("gateway", 2),
                        new LinkSecurity.Encrypted(open(files, peerName)));
        parts.push(connector);
        connector.connect(to, listener);
        return listener;
    }

    private PodTls open(TestIdentity files, @Nullable String peerName) {
        PodTls tls =
                PodTls.open(
                        new TlsSettings(files.certificate(), files.key(), files.trust(), peerName),
                        "test",
                        Duration.ofMillis(20));
        parts.push(tls);
        return tls;
    }
}
