package dev.rmb.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "7:laptop",
                "7:",
                "4294967295",
                "7:a:b",
                "7: ",
                "7:日本",
                "7:\ud83d\ude00",
                "7:a\ud83d\ude00\ud83d\ude00b"
            })
    void textIsReadAndWrittenAlike(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @Test
    void noConnectionAndAnEmptyOneAreTwoAddresses() {
        assertThat(Address.parse("7")).isNotEqualTo(Address.parse("7:"));
        assertThat(Address.of(7).connection()).isNull();
        assertThat(Address.parse("7:").connection()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":a",
                "0",
                "0:a",
                "07",
                "+7",
                "-1",
                "4294967296",
                "99999999999",
                "7a",
                "a:7",
                " 7",
                "7 :a",
                "٧",
                "7:\ud83d",
                "7:\ude00",
                "7:\ude00\ud83d",
                "7:\ud83d\ud83d\ude00",
                "7:\ud83d\ude00\ude00"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 32, Long.MIN_VALUE})
    void twinsAreUnsigned32BitNumbersOtherThanZero(long twin) {
        assertThatThrownBy(() -> new Address(twin, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
