package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogLagTest {
    private static final long ALARM = 6 * 3_600_000L;

    private final LogLag lag = new LogLag(0, ALARM);

    @Test
    void theLastFigureStandsBetweenTwoBatchesAndNotForEver() {
        lag.read(700, 1_000);
        lag.read(0, 3_000);
        assertThat(lag.lagMs()).isEqualTo(700);

        lag.read(0, 6_000);
        assertThat(lag.lagMs()).isZero();
    }

    @Test
    void rule08LagBeyondAQuarterOfTheRetentionIsAnAlarmUntilItIsWellBelow() {
        lag.read(ALARM - 1, 1_000);
        assertThat(lag.isAlarm()).isFalse();

        lag.read(ALARM, 2_000);
        assertThat(lag.isAlarm()).isTrue();

        lag.read(ALARM - 1, 3_000);
        assertThat(lag.isAlarm()).isTrue();

        lag.read(ALARM / 2 - 1, 4_000);
        assertThat(lag.isAlarm()).isFalse();
    }
}
