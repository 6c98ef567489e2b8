package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BackoffTest {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = SessionSettings.DEFAULTS.longestBackoff();

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyWaitIsBelowALimitThatDoublesUpToTheLongest(long seed) {
        var backoff = new Backoff(FIRST, LONGEST, new SplittableRandom(seed));
        long limit = FIRST.toMillis();
        for (int failure = 0; failure < 100; failure++) {
            assertThat(backoff.next().toMillis()).isBetween(0L, limit);
            limit = Math.min(2 * limit, LONGEST.toMillis());
        }
        backoff.reset();
        assertThat(backoff.next()).isLessThanOrEqualTo(FIRST);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void clientsDoNotComeBackTogether(long seed) {
        var one = new Backoff(FIRST, LONGEST, new SplittableRandom(seed));
        var other = new Backoff(FIRST, LONGEST, new SplittableRandom(seed + 1000));
        assertThat(waits(one)).isNotEqualTo(waits(other));
    }

    /** A relay that was away for long is connected within ten seconds of its return. */
    @Test
    void noWaitIsLong() {
        assertThat(SessionSettings.DEFAULTS.longestBackoff()).isLessThan(Duration.ofSeconds(10));
    }

    private static long waits(Backoff backoff) {
        return LongStream.range(0, 10).map(i -> backoff.next().toMillis()).sum();
    }
}
