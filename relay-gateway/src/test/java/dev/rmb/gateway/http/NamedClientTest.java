package dev.rmb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.net.AddressRange;
import dev.rmb.gateway.socket.TrustedProxies;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamedClientTest {
    private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");
    private static final TrustedProxies TRUSTED =
            new TrustedProxies(
                    List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 203.0.113.9",
                "  203.0.113.9  | 203.0.113.9",
                "203.0.113.9:4711 | 203.0.113.9",
                "2001:db8::7 | 2001:db8:0:0:0:0:0:7",
                "[2001:db8::7]:4711 | 2001:db8:0:0:0:0:0:7",
                "::ffff:203.0.113.9 | 203.0.113.9",
                "198.51.100.1, 203.0.113.9 | 203.0.113.9",
                "198.51.100.1, 203.0.113.9, 10.9.9.9 | 203.0.113.9",
                "203.0.113.9, fd00::1, ::ffff:10.1.1.1 | 203.0.113.9",
                "10.2.2.2 | 10.2.2.2",
                "'10.3.3.3, 10.2.2.2' | 10.3.3.3",
                "203.0.113.9, unknown | 10.0.0.1",
                "203.0.113.9, | 10.0.0.1",
                "not an address | 10.0.0.1",
                "localhost | 10.0.0.1",
                "1 | 10.0.0.1",
                "203.0.113.999 | 10.0.0.1",
                "127.1 | 10.0.0.1",
                "fe80::1%eth0 | 10.0.0.1",
                "[::1 | 10.0.0.1",
                "',,,,' | 10.0.0.1",
            })
    void theLastThatIsNoTrustedProxyIsTheClient(String header, String client) {
        assertThat(
                        NamedClient.of(
                                headers("X-Forwarded-For", header),
                                ClientHeader.X_FORWARDED_FOR,
                                PROXY,
                                TRUSTED))
                .hasValueSatisfying(c -> assertThat(c.getHostAddress()).isEqualTo(client));
    }

    @Test
    void severalLinesAreOneList() {
        HttpHeaders headers = headers("X-Forwarded-For", "198.51.100.1", "203.0.113.9", "10.1.1.1");

        assertThat(NamedClient.of(headers, ClientHeader.X_FORWARDED_FOR, PROXY, TRUSTED))
                .contains(InetAddress.ofLiteral("203.0.113.9"));
    }

    @Test
    void noMoreTrustedProxiesAreFollowedThanThereCanBe() {
        String many = "203.0.113.9" + ", 10.1.1.1".repeat(5_000);

        assertThat(
                        NamedClient.of(
                                headers("X-Forwarded-For", many),
                                ClientHeader.X_FORWARDED_FOR,
                                PROXY,
                                TRUSTED))
                .contains(InetAddress.ofLiteral("10.1.1.1"));
    }

    @Test
    void withoutTheHeaderAndWithTheOtherOneItIsTheProxyItself() {
        assertThat(
                        NamedClient.of(
                                new DefaultHttpHeaders(),
                                ClientHeader.X_FORWARDED_FOR,
                                PROXY,
                                TRUSTED))
                .contains(PROXY);
        assertThat(
                        NamedClient.of(
                                headers("Forwarded", "for=203.0.113.9"),
                                ClientHeader.X_FORWARDED_FOR,
                                PROXY,
                                TRUSTED))
                .contains(PROXY);
        assertThat(
                        NamedClient.of(
                                headers("X-Forwarded-For", "203.0.113.9"),
                                ClientHeader.NONE,
                                PROXY,
                                TRUSTED))
                .contains(PROXY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.9 | 203.0.113.9",
                "For=\"203.0.113.9:80\";proto=https | 203.0.113.9",
                "proto=https ; by=10.1.1.1 ; FOR=203.0.113.9 | 203.0.113.9",
                "for=198.51.100.1, for=203.0.113.9 | 203.0.113.9",
                "for=203.0.113.9, for=\"[fd00::1]:80\", for=10.1.1.1 | 203.0.113.9",
                "for=\"[2001:db8::7]\" | 2001:db8:0:0:0:0:0:7",
                "for=203.0.113.9, for=unknown | 10.0.0.1",
                "for=203.0.113.9, proto=https | 10.0.0.1",
                "for=_hidden | 10.0.0.1",
                "host=\"a, for=198.51.100.1\";for=203.0.113.9 | 203.0.113.9",
                "for=203.0.113.9;host=\"\\\", for=198.51.100.1\" | 203.0.113.9",
            })
    void theSameHoldsForForwarded(String header, String client) {
        assertThat(
                        NamedClient.of(
                                headers("Forwarded", header),
                                ClientHeader.FORWARDED,
                                PROXY,
                                TRUSTED))
                .hasValueSatisfying(c -> assertThat(c.getHostAddress()).isEqualTo(client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\", for=203.0.113.9",
                "for, for=203.0.113.9",
                "for=\"203.0.113.9",
                "for=203.0.113.9 and more",
                "for=\"203.0.113.9\\",
                "=203.0.113.9",
            })
    void aForwardedThatCannotBeReadSaysNothing(String header) {
        assertThat(
                        NamedClient.of(
                                headers("Forwarded", header),
                                ClientHeader.FORWARDED,
                                PROXY,
                                TRUSTED))
                .isEmpty();
    }

    private static HttpHeaders headers(String name, String... lines) {
        return new DefaultHttpHeaders().add(name, List.of(lines));
    }
}
