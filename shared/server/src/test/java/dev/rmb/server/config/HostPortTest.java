package dev.rmb.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 127.0.0.1, 8080",
        "'[::1]:0', ::1, 0",
        "'[fe80::1%eth0]:65535', fe80::1%eth0, 65535",
        "relay.example.org:443, relay.example.org, 443"
    })
    void whatIsReadIsWrittenTheSame(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                ":80",
                "host:",
                "host:x",
                "host:-1",
                "host:65536",
                "::1:80",
                "[::1]",
                "[::1:80",
                "[]:80",
                "host: 80",
                " :80"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void loopbackIsWhatOnlyThisMachineReaches() {
        assertThat(HostPort.parse("127.0.0.1:1").isLoopback()).isTrue();
        assertThat(HostPort.parse("127.8.9.1:1").isLoopback()).isTrue();
        assertThat(HostPort.parse("[::1]:1").isLoopback()).isTrue();
        assertThat(HostPort.parse("localhost:1").isLoopback()).isTrue();
        assertThat(HostPort.parse("0.0.0.0:1").isLoopback()).isFalse();
        assertThat(HostPort.parse("[::]:1").isLoopback()).isFalse();
        assertThat(HostPort.parse("192.0.2.1:1").isLoopback()).isFalse();
    }
}
