package dev.rmb.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import org.junit.jupiter.api.Test;

/** See docs/specification.md, 8.2: the fixed window. */
final class RateLimiterTest {
    private static final long MINUTE = 60_000;

    @Test
    void byDefaultThereIsNoLimit() {
        RateLimiter limiter = limiter(0, 0);

        for (int i = 0; i < 10_000; i++) {
            assertThat(limiter.take(1, 1 << 20, 0)).isTrue();
        }
    }

    @Test
    void soManyMessagesAreTakenInAMinuteOfTheClock() {
        RateLimiter limiter = limiter(2, 0);

        assertThat(limiter.take(1, 10, MINUTE - 1)).isTrue();
        assertThat(limiter.take(1, 10, MINUTE - 1)).isTrue();
        assertThat(limiter.take(1, 10, MINUTE - 1)).isFalse();
        assertThat(limiter.take(1, 10, MINUTE)).isTrue();
    }

    @Test
    void eachTwinHasALimitOfItsOwn() {
        RateLimiter limiter = limiter(1, 0);

        assertThat(limiter.take(1, 10, 0)).isTrue();
        assertThat(limiter.take(2, 10, 0)).isTrue();
        assertThat(limiter.take(1, 10, 0)).isFalse();
    }

    @Test
    void whatDoesNotFitIsNotCounted() {
        RateLimiter limiter = limiter(0, 100);

        assertThat(limiter.take(1, 101, 0)).isFalse();
        assertThat(limiter.take(1, 60, 0)).isTrue();
        assertThat(limiter.take(1, 60, 0)).isFalse();
        assertThat(limiter.take(1, 40, 0)).isTrue();
        assertThat(limiter.take(1, 1, 0)).isFalse();
    }

    @Test
    void aClockThatLagsBehindAnotherDoesNotBeginAnewMinute() {
        RateLimiter limiter = limiter(1, 0);

        assertThat(limiter.take(1, 1, 2 * MINUTE)).isTrue();
        assertThat(limiter.take(1, 1, 2 * MINUTE - 1)).isFalse();
        assertThat(limiter.take(1, 1, 2 * MINUTE)).isFalse();
    }

    private static RateLimiter limiter(int messages, long bytes) {
        return new RateLimiter(new RateLimitSettings(messages, DataSize.bytes(bytes)));
    }
}
