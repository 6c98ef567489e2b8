package dev.rmb.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, 2001:db8::a00:1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 192.0.2.6, true",
        "0.0.0.0/0, ::1, false",
        "::ffff:10.0.0.0/104, 10.200.0.1, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8:0:4000::/50, 2001:db8:0:7fff::1, true",
        "2001:db8:0:4000::/50, 2001:db8:0:8000::1, false",
        "::1, ::1, true",
        "::/0, ::1, true",
    })
    void aRangeHoldsWhatBeginsLikeIt(String range, String address, boolean holds) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "192.0.2.7/32, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:DB8::/32, 2001:db8:0:0:0:0:0:0/32",
        "::1/128, 0:0:0:0:0:0:0:1",
    })
    void eachRangeHasOneText(String written, String text) {
        AddressRange range = AddressRange.parse(written);

        assertThat(range).hasToString(text);
        assertThat(AddressRange.parse(text)).isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10",
                "10.1",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.256",
                "010.0.0.0.1",
                "::/129",
                "[::1]",
                "fe80::1%eth0",
                "localhost",
                "1:2",
                "::ffff:10.0.0.0/40",
                "10.0.0.0/0x8",
                "10.0.0.0 /8 "
            })
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3/8, 10.0.0.0/8", "2001:db8::1/32, 2001:db8:0:0:0:0:0:0/32"})
    void bitsBehindTheLengthAreASlip(String written, String meant) {
        assertThatThrownBy(() -> AddressRange.parse(written))
                .hasMessageEndingWith("write " + meant);
    }
}
