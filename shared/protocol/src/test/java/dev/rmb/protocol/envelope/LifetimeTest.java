package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LifetimeTest {
    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 60, 1000, 60",
        "1000, 60, 1059, 1",
        "1000, 60, 1060, 0",
        "1000, 60, 9999, 0",
        "1000, 0, 1000, 0",
        "1000, 0, 999, 1", // sent in the future: alive until then
        "0, 60, 1000, 0",
        "1000, -1, 1000, -1", // 2^64 - 1
        "-1, -1, 1000, -1", // beyond 2^64: as long as can be said
        "-1, 0, 1000, -1001"
    })
    void remainsUntilTheDeadline(long timestamp, long expiration, long now, long remaining) {
        var lifetime = new Lifetime(timestamp, expiration);

        assertThat(lifetime.remainingAt(now)).isEqualTo(remaining);
        assertThat(lifetime.isAliveAt(now)).isEqualTo(remaining != 0);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 60, 1000, 60",
        "1000, 60, 1010, 50",
        "1000, 60, 1060, 0",
        "1000, 60, 5000, 0",
        "0, 60, 5000, 60", // no timestamp
        "5001, 60, 5000, 60", // in the future
        "-1, 60, 5000, 60"
    })
    void stampingTellsTheTimeLeft(long timestamp, long expiration, long now, long left) {
        assertThat(new Lifetime(timestamp, expiration).stampedAt(now))
                .isEqualTo(new Lifetime(now, left));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void stampingNeverMovesAReachableDeadline(long seed) {
        var random = new SplittableRandom(seed);
        long made = random.nextLong(1, 1 << 20);
        long expiration = random.nextLong(1 << 20);
        long elapsed = random.nextLong(expiration + 1);

        Lifetime stamped = new Lifetime(made, expiration).stampedAt(made + elapsed);

        assertThat(stamped.timestamp() + stamped.expiration()).isEqualTo(made + expiration);
        assertThat(stamped.stampedAt(made + elapsed)).isEqualTo(stamped);
    }
}
