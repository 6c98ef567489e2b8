package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.gateway.loop.EventLoops;
import dev.rmb.gateway.loop.IoKind;
import dev.rmb.protocol.Address;
import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients do not see, and what they may offer. */
@Timeout(60)
final class NetworkingTest {
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;

    @ParameterizedTest
    @EnumSource(IoKind.class)
    void everyWayToServeSocketsServesASession(IoKind kind) throws IOException {
        assumeThat(EventLoops.available()).contains(kind);
        try (var gateway =
                        new TestGateway(
                                "io: "
                                        + kind.name().toLowerCase(Locale.ROOT)
                                        + "\ntransports: [websocket, {type: tcp, listen:"
                                        + " '127.0.0.1:0'}]");
                var alice = gateway.connect(ALICE);
                var bob = gateway.connect(BOB);
                var frames = new Frames(gateway.gateway.transportAddresses().getFirst())) {
            gateway.claimAll();
            frames.send(Frames.TOKEN, ALICE.token("tcp").getBytes(StandardCharsets.US_ASCII));
            assertThat(frames.read().type()).isEqualTo(Frames.TOKEN);
            byte[] large =
                    ALICE.request(BOB, "r1").toBuilder()
                            .setPlain(ByteString.copyFrom(new byte[1 << 20]))
                            .build()
                            .toByteArray();
            alice.send(large);
            Gateways.awaitAccepted(gateway, "r1");
            SessionInfo session = gateway.router.awaitPresent(new Address(BOB.id, null));
            gateway.deliver(BOB, session, 1, 0, large);
            assertThat(bob.next().payload()).isEqualTo(large);
            // The relay's last word arrives, whatever the client still sends.
            alice.send(new byte[] {(byte) 0xFF});
            assertThat(alice.untilClosed().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void aWayThatIsNotThereEndsTheStart() {
        assertThatThrownBy(() -> TestGateway.settings("io: kqueue"))
                .hasMessageContaining("io")
                .hasMessageContaining("epoll");
    }

    @Test
    void compressionIsOfferedInVain() throws IOException {
        String request =
                Peer.upgradeRequest("/?" + ALICE.token(null))
                        .replace(
                                "Host:",
                                "Sec-WebSocket-Extensions: permessage-deflate;"
                                        + " client_max_window_bits, x-webkit-deflate-frame\r\nHost:");
        try (var gateway = new TestGateway();
                var alice = Peer.silent(gateway.address())) {
            Peer.Answer answer = alice.ask(request);

            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers()).noneMatch(h -> h.startsWith("sec-websocket-extensions"));
            // A frame that is compressed all the same.
            alice.frame(0xC0 | Peer.BINARY, new byte[] {1});
            assertThat(alice.untilClosed().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void ipv6IsServedAndItsNetworksAreLimited() throws IOException {
        assumeThat(hasIpv6()).isTrue();
        try (var gateway = new TestGateway("connections: {perRemote: 1}", "'[::1]:0'");
                var alice = gateway.connect(ALICE)) {
            alice.send(ALICE.request(BOB, "r1"));
            Gateways.awaitAccepted(gateway, "r1");
            Peer.Answer answer =
                    Peer.refused(gateway.address(), Peer.upgradeRequest("/?" + BOB.token(null)));
            assertThat(answer.status()).isEqualTo(429);
        }
    }

    @Test
    void whoComesByIpv4ToAnIpv6PortIsTheSameAsByIpv4() throws IOException {
        assumeThat(hasIpv6()).isTrue();
        try (var gateway =
                new TestGateway(
                        "trustedProxies: [127.0.0.1]\nconnections: {perRemote: 1}", "'[::]:0'")) {
            var port = new HostPort("127.0.0.1", gateway.address().port());
            String request = Peer.upgradeRequest("/?" + ALICE.token(null));
            // Believed, therefore it was 127.0.0.1 that said it.
            try (var _ =
                            Peer.over(
                                    new Socket(InetAddress.ofLiteral("127.0.0.1"), port.port()),
                                    request.replace(
                                            "Host:", "X-Forwarded-For: 203.0.113.9\r\nHost:"));
                    var _ = Peer.connect(port, BOB.token(null))) {
                assertThat(gateway.counter("rmb_gateway_sessions_opened_total"))
                        .isGreaterThanOrEqualTo(1);
            }
        }
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(a -> a instanceof Inet6Address && a.isLoopbackAddress());
    }
}
