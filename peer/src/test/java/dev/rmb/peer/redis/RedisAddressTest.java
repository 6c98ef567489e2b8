package dev.rmb.peer.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedisAddressTest {
    @ParameterizedTest
    @CsvSource({
        "redis://localhost, redis://localhost:6379",
        "redis://127.0.0.1:6379, redis://127.0.0.1:6379",
        "localhost:7000, redis://localhost:7000",
        "tcp://localhost:7000, redis://localhost:7000",
        "redis://:secret@localhost:7000/3, redis://localhost:7000/3",
        "rediss://redis.example.org, rediss://redis.example.org:6379",
    })
    void anAddressIsShownWithItsPortAndWithoutItsPassword(String given, String shown) {
        assertThat(new RedisAddress(given)).hasToString(shown);
    }

    @Test
    void aSocketIsShownByItsPath() {
        assertThat(new RedisAddress("unix:///run/redis.sock").toString())
                .contains("/run/redis.sock");
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> new RedisAddress("http://x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://host:port");
    }
}
