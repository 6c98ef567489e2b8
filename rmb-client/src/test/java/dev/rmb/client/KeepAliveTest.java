package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {
    /** Around the points where the clock's number wraps, too: only differences count. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE - 5_000_000_000L})
    void aPingIsDueEveryTwentySecondsAndDeathAfterFortySilentOnes(long start) {
        var alive = new KeepAlive(Duration.ofSeconds(20), Duration.ofSeconds(40), start);

        assertThat(alive.isPingDue(at(start, 19))).isFalse();
        assertThat(alive.untilNextCheck(at(start, 19))).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(alive.isPingDue(at(start, 20))).isTrue();

        alive.pinged(at(start, 20));
        assertThat(alive.isPingDue(at(start, 39))).isFalse();
        assertThat(alive.isDead(at(start, 39))).isFalse();
        assertThat(alive.isDead(at(start, 40))).isTrue();

        alive.heard(at(start, 39));
        assertThat(alive.isDead(at(start, 78))).isFalse();
        assertThat(alive.isDead(at(start, 79))).isTrue();
        assertThat(alive.untilNextCheck(at(start, 100))).isZero();
    }

    private static long at(long start, long seconds) {
        return start + TimeUnit.SECONDS.toNanos(seconds);
    }
}
