package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients behind balancers and proxies, and some who say that they are. */
@Timeout(60)
final class ProxiesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;

    private static final String TRUSTED = "trustedProxies: [127.0.0.0/8, '::1']\n";
    private static final String PROXIED = TRUSTED + "http: {proxyProtocol: true}\n";
    private static final String ONE_EACH = "connections: {perRemote: 1}\n";
    private static final String REFUSED = "rmb_gateway_proxy_headers_refused_total";
    private static final byte[] SIGNATURE = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
    };
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;

    @Test
    void behindProxyHeadersLimitsGoByTheClientsThatTheyName() throws Exception {
        try (var gateway = new TestGateway(PROXIED + ONE_EACH);
                var alice = proxied(gateway, v2(PROXY, "203.0.113.9"), ALICE.token(null));
                var bob = proxied(gateway, v2(PROXY, "2001:db8::7"), BOB.token(null));
                var other = proxied(gateway, v1("198.51.100.1"), ALICE.token("other"))) {
            alice.send(ALICE.request(BOB, "r1"));
            bob.send(BOB.request(ALICE, "r2"));
            other.frame(0x80 | Peer.PING, new byte[0]);
            assertThat(other.next().opcode()).isEqualTo(Peer.PONG);
            Gateways.awaitAccepted(gateway, "r1");
            Gateways.awaitAccepted(gateway, "r2");

            assertThat(refusal(gateway, v2(PROXY, "203.0.113.9"), ALICE.token("2")))
                    .isEqualTo("429 too many connections");
            assertThat(refusal(gateway, v1("::ffff:203.0.113.9"), ALICE.token("2")))
                    .isEqualTo("429 too many connections");
            assertThat(refusal(gateway, v2(PROXY, "2001:db8::8"), ALICE.token("2")))
                    .isEqualTo("429 too many connections");
            alice.reset();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() ->
                            proxied(gateway, v2(PROXY, "203.0.113.9"), ALICE.token("3")).close());
        }
    }

    @Test
    void aProxyMaySpeakForItself() throws Exception {
        try (var gateway = new TestGateway(PROXIED)) {
            assertThat(refusal(gateway, v2(LOCAL, "203.0.113.9"), "garbage")).startsWith("401 ");
            assertThat(
                            refusal(
                                    gateway,
                                    "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII),
                                    "x"))
                    .startsWith("401 ");
            assertThat(gateway.counter(REFUSED)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "PROXY TCP4 203.0.113.9\r\n",
                "PROXY TCP4 203.0.113.999 10.0.0.1 1 2\r\n",
                "PROXY TCP4 nowhere.example 10.0.0.1 1 2\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 1 2",
                "\r\n\r\n\0\r\nQUIT\n1\u0011\0\u000c",
            })
    void whatIsNoHeaderFromAProxyEndsTheConnection(String first) throws Exception {
        byte[] bytes = new byte[600];
        byte[] begin = first.getBytes(StandardCharsets.ISO_8859_1);
        Arrays.fill(bytes, (byte) 'x');
        System.arraycopy(begin, 0, bytes, 0, begin.length);
        try (var gateway = new TestGateway(PROXIED);
                var peer = Peer.silent(gateway.address())) {
            peer.raw(bytes);

            assertThat(peer.ends()).isTrue();
            Gateways.awaitCounter(gateway, REFUSED, 1);
        }
    }

    @Test
    void aHeaderThatSaysItIsLongerThanAnyIsNotWaitedFor() throws Exception {
        try (var gateway = new TestGateway(PROXIED);
                var peer = Peer.silent(gateway.address())) {
            peer.raw(
                    ByteBuffer.allocate(16)
                            .put(SIGNATURE)
                            .put((byte) PROXY)
                            .put((byte) 0x11)
                            .putShort((short) 0xFFFF)
                            .array());

            assertThat(peer.ends()).isTrue();
        }
    }

    @Test
    void aHeaderThatDoesNotComeIsNotWaitedForLong() throws Exception {
        try (var gateway = new TestGateway(PROXIED);
                var silent = Peer.silent(gateway.address());
                var slow = Peer.silent(gateway.address())) {
            slow.raw(SIGNATURE);

            assertThat(silent.ends()).isTrue();
            assertThat(slow.ends()).isTrue();
            Gateways.awaitCounter(gateway, REFUSED, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHeaderFromAnybodyElseEndsTheConnection(int version) throws Exception {
        try (var gateway =
                        new TestGateway(
                                "trustedProxies: [10.0.0.0/8]\nhttp: {proxyProtocol: true}\n");
                var liar = Peer.silent(gateway.address())) {
            byte[] header = version == 1 ? v1("203.0.113.9") : v2(PROXY, "203.0.113.9");
            // In two pieces, as the first could be the beginning of something else.
            liar.raw(Arrays.copyOf(header, 3));
            liar.raw(Arrays.copyOfRange(header, 3, header.length));

            assertThat(liar.ends()).isTrue();
            Gateways.awaitCounter(gateway, REFUSED, 1);

            try (var alice = gateway.connect(ALICE)) {
                alice.send(ALICE.request(BOB, "direct"));
                Gateways.awaitAccepted(gateway, "direct");
            }
            // What begins with the letter that a header begins with, too.
            Peer.Answer answer =
                    Peer.refused(gateway.address(), "PUT / HTTP/1.1\r\nHost: relay\r\n\r\n");
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @Test
    void plainStreamsMayComeThroughProxiesToo() throws Exception {
        try (var gateway =
                new TestGateway(
                        TRUSTED
                                + ONE_EACH
                                + "transports: [{type: tcp, listen: '127.0.0.1:0', proxyProtocol:"
                                + " true}]")) {
            var port = gateway.gateway.transportAddresses().getFirst();
            try (var alice = new Frames(port)) {
                alice.raw(v2(PROXY, "203.0.113.9"));
                alice.send(Frames.TOKEN, ALICE.token(null).getBytes(StandardCharsets.US_ASCII));
                assertThat(alice.read().type()).isEqualTo(Frames.TOKEN);
                try (var second = new Frames(port)) {
                    second.raw(v2(PROXY, "203.0.113.9"));
                    assertThat(second.untilClosed()).isEqualTo("too many connections");
                }
            }
        }
    }

    @Test
    void proxyHeadersNeedSomebodyToBeBelieved() {
        assertThatThrownBy(() -> TestGateway.settings("http: {proxyProtocol: true}"))
                .hasMessageContaining("http.proxyProtocol needs trustedProxies");
        assertThatThrownBy(() ->
                        new TestGateway(
                                "transports: [{type: tcp, listen: '127.0.0.1:0', proxyProtocol:"
                                        + " true}]"))
                .hasMessageContaining("needs gateway.trustedProxies");
    }

    @Test
    void behindAnHttpProxyLimitsGoByTheClientsThatItNames() throws Exception {
        try (var gateway = new TestGateway(TRUSTED + ONE_EACH);
                var alice = forwarded(gateway, "198.51.100.1, 203.0.113.9", ALICE.token(null));
                var bob = forwarded(gateway, "203.0.113.10, 127.0.0.9", BOB.token(null))) {
            alice.send(ALICE.request(BOB, "r1"));
            bob.send(BOB.request(ALICE, "r2"));
            Gateways.awaitAccepted(gateway, "r1");
            Gateways.awaitAccepted(gateway, "r2");

            assertThat(forwardedRefusal(gateway, "203.0.113.9", ALICE.token("2")))
                    .isEqualTo("429 too many connections");
            assertThat(gateway.counter("rmb_gateway_connections_turned_away_total")).isEqualTo(1);
            alice.reset();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(
                            () -> forwarded(gateway, "203.0.113.9", ALICE.token("3")).close());
        }
    }

    @Test
    void requestsOverOneConnectionOfAProxyAreEachOfTheirClient() throws Exception {
        try (var gateway = new TestGateway(TRUSTED + ONE_EACH + "transports: [{type: http}]\n");
                var proxy = Peer.silent(gateway.address())) {
            for (int i = 1; i <= 20; i++) {
                String answer =
                        proxy.ask(
                                        "POST /envelopes HTTP/1.1\r\nHost: relay\r\n"
                                                + "X-Forwarded-For: 203.0.113."
                                                + (1 + i % 2)
                                                + "\r\nContent-Length: 0\r\nContent-Type:"
                                                + " application/octet-stream\r\nAuthorization:"
                                                + " Bearer "
                                                + ALICE.token(null)
                                                + "\r\n\r\n")
                                .toString();
                assertThat(answer).contains("status=202");
            }
        }
    }

    @Test
    void aHeaderFromAnybodyElseIsIgnored() throws Exception {
        try (var gateway = new TestGateway(ONE_EACH);
                var _ = forwarded(gateway, "203.0.113.9", ALICE.token(null))) {
            assertThat(forwardedRefusal(gateway, "203.0.113.10", ALICE.token("2")))
                    .isEqualTo("429 too many connections");
        }
    }

    @Test
    void aForwardedHeaderThatCannotBeReadIsRefused() throws Exception {
        try (var gateway = new TestGateway(TRUSTED + "http: {clientHeader: forwarded}")) {
            String request =
                    Peer.upgradeRequest("/?x")
                            .replace("Host:", "Forwarded: \", for=203.0.113.9\r\nHost:");

            Peer.Answer answer = Peer.refused(gateway.address(), request);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("bad forwarded header");
        }
    }

    private static Peer proxied(TestGateway gateway, byte[] header, String token)
            throws IOException {
        Peer peer = Peer.silent(gateway.address());
        peer.raw(header);
        Peer.Answer answer = peer.ask(Peer.upgradeRequest("/?" + token));
        if (answer.status() != 101) {
            peer.close();
            throw new IOException(answer.toString());
        }
        return peer;
    }

    private static String refusal(TestGateway gateway, byte[] header, String token)
            throws IOException {
        try (var peer = Peer.silent(gateway.address())) {
            peer.raw(header);
            Peer.Answer answer = peer.ask(Peer.upgradeRequest("/?" + token));
            return answer.status() + " " + answer.body();
        }
    }

    private static String forwardedRequest(String by, String token) {
        return Peer.upgradeRequest("/?" + token)
                .replace("Host:", "x-forwarded-for: " + by + "\r\nHost:");
    }

    private static Peer forwarded(TestGateway gateway, String by, String token) throws IOException {
        return Peer.over(
                new Socket(InetAddress.getLoopbackAddress(), gateway.address().port()),
                forwardedRequest(by, token));
    }

    private static String forwardedRefusal(TestGateway gateway, String by, String token)
            throws IOException {
        Peer.Answer answer = Peer.refused(gateway.address(), forwardedRequest(by, token));
        return answer.status() + " " + answer.body();
    }

    private static byte[] v1(String client) {
        boolean v6 = client.indexOf(':') >= 0;
        return ("PROXY "
                        + (v6 ? "TCP6 " : "TCP4 ")
                        + client
                        + (v6 ? " ::1" : " 127.0.0.1")
                        + " 40000 80\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(int command, String client) {
        byte[] address = InetAddress.ofLiteral(client).getAddress();
        var header = new ByteArrayOutputStream();
        header.writeBytes(SIGNATURE);
        header.write(command);
        header.write(address.length == 4 ? 0x11 : 0x21);
        int additions = 3 + 5;
        header.writeBytes(
                ByteBuffer.allocate(2)
                        .putShort((short) (2 * address.length + 4 + additions))
                        .array());
        header.writeBytes(address);
        header.writeBytes(address);
        header.writeBytes(
                ByteBuffer.allocate(4).putShort((short) 40_000).putShort((short) 80).array());
        // Something that this relay has no use for: PP2_TYPE_AUTHORITY.
        header.writeBytes(new byte[] {0x02, 0, 5, 'r', 'e', 'l', 'a', 'y'});
        return header.toByteArray();
    }
}
