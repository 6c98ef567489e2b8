package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.cluster.tls.TlsException;
import dev.rmb.testing.LogLines;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak TLS, and some that do not. */
@Timeout(60)
final class EdgeTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;
    private static final TestAuthority PUBLIC = new TestAuthority("public");

    @TempDir Path directory;

    private TestIdentity files;

    @BeforeEach
    void writeFiles() {
        files = identity().writeTo(directory.resolve("in-use"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void clientsConnectOverTlsAndAreServed(String protocol) throws Exception {
        try (var gateway = gateway("");
                var alice = connect(gateway, protocol)) {
            alice.send(ALICE.request(BOB, "r1"));
            Gateways.awaitAccepted(gateway, "r1");
            alice.send(new byte[] {(byte) 0xFF});
            Peer.Frame end = alice.untilClosed();
            assertThat(end.closeCode()).isEqualTo(1008);
            assertThat(gateway.gateway.isSecure()).isTrue();
            assertThat(gateway.counter("rmb_gateway_tls_handshakes_total")).isEqualTo(1);
        }
    }

    @Test
    void javasOwnWebSocketSendsAndReceivesSixteenMebibytesOverTls() throws Exception {
        try (var gateway = gateway("");
                var client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            var closed = new CompletableFuture<Integer>();
            WebSocket socket =
                    client.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(
                                            "wss://localhost:"
                                                    + gateway.address().port()
                                                    + "/?"
                                                    + ALICE.token(null)),
                                    new WebSocket.Listener() {
                                        @Override
                                        public CompletionStage<?> onClose(
                                                WebSocket from, int code, String reason) {
                                            closed.complete(code);
                                            return CompletableFuture.completedStage(null);
                                        }
                                    })
                            .get(10, TimeUnit.SECONDS);
            byte[] large =
                    ALICE.to(BOB)
                            .setUid("large")
                            .setPlain(ByteString.copyFrom(new byte[(16 << 20) - 200]))
                            .build()
                            .toByteArray();
            socket.sendBinary(ByteBuffer.wrap(large), true).get(20, TimeUnit.SECONDS);
            Gateways.awaitAccepted(gateway, "large");

            gateway.gateway.drain();
            assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
        }
    }

    @Test
    void plainStreamsAreOverTlsUnlessTheirPortIsNot() throws Exception {
        try (var gateway =
                gateway(
                        """
                        transports:
                        - {type: tcp, listen: '127.0.0.1:0'}
                        - {type: tcp, listen: '127.0.0.1:0', tls: false}
                        """)) {
            int secured = gateway.gateway.transportAddresses().getFirst().port();
            try (var alice = new Frames(handshake(secured, "TLSv1.3"))) {
                alice.send(Frames.TOKEN, token());
                assertThat(alice.read().type()).isEqualTo(Frames.TOKEN);
                alice.send(Frames.ENVELOPE, ALICE.request(BOB, "r1").toByteArray());
                Gateways.awaitAccepted(gateway, "r1");
            }
            try (var alice = new Frames(gateway.gateway.transportAddresses().getLast())) {
                alice.send(Frames.TOKEN, token());
                assertThat(alice.read().type()).isEqualTo(Frames.TOKEN);
            }
        }
    }

    @Test
    void aCertificateThatIsReplacedIsShownWithoutARestartAndSessionsStay() throws Exception {
        TestIdentity next = identity().writeTo(directory.resolve("next"));
        try (var gateway = gateway("");
                var alice = connect(gateway, "TLSv1.3")) {
            BigInteger before = serial(gateway);

            move(next.certificate(), files.certificate());
            move(next.key(), files.key());

            await().atMost(PATIENCE).until(() -> !serial(gateway).equals(before));
            alice.send(ALICE.request(BOB, "r1"));
            Gateways.awaitAccepted(gateway, "r1");
            assertThat(gateway.counter("rmb_gateway_tls_reloads_total")).isEqualTo(1);
        }
    }

    @Test
    void aCertificateThatCannotBeUsedIsSaidOnceAndTheOldOneStays() throws Exception {
        try (LogLines log = LogLines.of("dev.rmb.cluster.tls");
                var gateway = gateway("")) {
            BigInteger before = serial(gateway);

            TestIdentity expired =
                    identity()
                            .validFor(Duration.ofDays(3), Duration.ofDays(-1))
                            .writeTo(directory.resolve("expired"));
            move(expired.key(), files.key());
            move(expired.certificate(), files.certificate());

            await().atMost(PATIENCE)
                    .until(() ->
                            log.lines().stream().anyMatch(line -> line.contains("expired at")));
            assertThat(serial(gateway)).isEqualTo(before);
            assertThat(gateway.counter("rmb_gateway_tls_reloads_refused_total")).isPositive();
            assertThat(gateway.counter("rmb_gateway_tls_reloads_total")).isZero();
        }
    }

    @Test
    void filesThatCannotBeUsedEndTheStart() throws IOException {
        Files.writeString(files.key(), "nothing");

        assertThatThrownBy(() -> gateway(""))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(files.key() + " holds no private key");
    }

    @Test
    void aCipherThatIsNotThereEndsTheStart() {
        assertThatThrownBy(() -> gateway("  ciphers: [TLS_AES_128_GCM_SHA256, TLS_ROT_13]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no TLS_ROT_13 here");
    }

    @Test
    void olderProtocolsAreNotSpoken() throws Exception {
        try (var gateway = gateway("  protocols: [TLSv1.3]")) {
            assertThatThrownBy(() -> handshake(gateway.address().port(), "TLSv1.2"))
                    .isInstanceOf(SSLException.class);
            await().atMost(PATIENCE)
                    .until(() -> gateway.counter("rmb_gateway_tls_handshakes_failed_total") == 1);
        }
    }

    @Test
    void whoSpeaksNoTlsIsDisconnectedWithoutATraceInTheLog() throws Exception {
        try (LogLines log = LogLines.of("dev.rmb");
                LogLines netty = LogLines.of("io.netty");
                var gateway = gateway("");
                var alice = connect(gateway, "TLSv1.3")) {
            try (var plain = Peer.silent(gateway.address())) {
                plain.raw(
                        Peer.upgradeRequest("/?" + ALICE.token("plain"))
                                .getBytes(StandardCharsets.US_ASCII));
                while (!plain.ends()) {
                    // What may come is TLS's word for it.
                }
            }
            try (var rubbish =
                    new Socket(InetAddress.getLoopbackAddress(), gateway.address().port())) {
                rubbish.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 9, 9, 9, 9, 9});
                rubbish.setSoTimeout(10_000);
                while (rubbish.getInputStream().read() >= 0) {
                    // Likewise.
                }
            }
            await().atMost(PATIENCE)
                    .until(() -> gateway.counter("rmb_gateway_tls_handshakes_failed_total") == 2);
            alice.send(ALICE.request(BOB, "r1"));
            Gateways.awaitAccepted(gateway, "r1");
            assertThat(log.lines()).isEmpty();
            assertThat(netty.lines()).isEmpty();
        }
    }

    @Test
    void aRecordThatIsBrokenEndsTheSessionWithoutATraceInTheLog() throws Exception {
        try (LogLines log = LogLines.of("dev.rmb");
                var gateway = gateway("");
                var raw = new Socket(InetAddress.getLoopbackAddress(), gateway.address().port())) {
            var tls =
                    (SSLSocket)
                            trusting().getSocketFactory().createSocket(raw, "localhost", 1, true);
            Peer alice = Peer.over(tls, Peer.upgradeRequest("/?" + ALICE.token(null)));
            Gateways.awaitCounter(gateway, "rmb_gateway_sessions_opened_total", 1);
            raw.getOutputStream().write(new byte[] {23, 3, 3, 0, 32});
            raw.getOutputStream().write(new byte[32]);

            await().atMost(PATIENCE).until(() -> gateway.counter("rmb_gateway_sessions") == 0);
            assertThat(log.lines()).isEmpty();
            assertThat(gateway.counter("rmb_gateway_session_faults_total")).isZero();
            alice.close();
        }
    }

    @Test
    void aHandshakeThatIsNotFinishedIsNotWaitedFor() throws Exception {
        try (var gateway =
                gateway(
                        """
                        http: {handshakeTimeout: 300ms}
                        transports:
                        - websocket
                        - {type: tcp, listen: '127.0.0.1:0', handshakeTimeout: 300ms}
                        """)) {
            for (int port :
                    new int[] {
                        gateway.address().port(),
                        gateway.gateway.transportAddresses().getFirst().port()
                    }) {
                try (var half = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    half.setSoTimeout(10_000);
                    half.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1, 0});
                    assertThat(half.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void whoIsOneTooManyGetsNoHandshake() throws Exception {
        try (var gateway = gateway("connections: {perRemote: 1}");
                var _ = connect(gateway, "TLSv1.3")) {
            assertThatThrownBy(() -> handshake(gateway.address().port(), "TLSv1.3"))
                    .isInstanceOf(IOException.class);
            assertThat(gateway.counter("rmb_gateway_connections_turned_away_total")).isEqualTo(1);
            assertThat(gateway.counter("rmb_gateway_tls_handshakes_total")).isEqualTo(1);
        }
    }

    private TestGateway gateway(String more) throws IOException {
        return new TestGateway(
                "tls:\n  certificate: "
                        + files.certificate()
                        + "\n  key: "
                        + files.key()
                        + "\n  lookEvery: 20ms\n"
                        + more
                        + "\n");
    }

    private static TestAuthority.Request identity() {
        return PUBLIC.identity("localhost").uses(TestAuthority.Use.SERVER);
    }

    private static Peer connect(TestGateway gateway, String protocol) throws Exception {
        return Peer.over(
                handshake(gateway.address().port(), protocol),
                Peer.upgradeRequest("/?" + ALICE.token(null)));
    }

    private static SSLSocket handshake(int port, String protocol) throws Exception {
        var socket = (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {protocol});
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static BigInteger serial(TestGateway gateway) throws Exception {
        try (SSLSocket socket = handshake(gateway.address().port(), "TLSv1.3")) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber();
        }
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(PUBLIC.trustStore());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static byte[] token() {
        return ALICE.token(null).getBytes(StandardCharsets.US_ASCII);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
