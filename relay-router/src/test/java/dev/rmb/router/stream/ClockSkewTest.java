package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.testing.LogLines;
import org.junit.jupiter.api.Test;

final class ClockSkewTest {
    private final ClockSkew skew = new ClockSkew();
    private long nowMs;

    @Test
    void theLeastAgeOfSomeSecondsIsTheDifferenceOfTheClocks() {
        read(4_100, 9_000, 4_050, 30_000);

        assertThat(skew.aheadMs()).isEqualTo(4_050);
    }

    @Test
    void aRecordFromTheFutureNeedsNoSecondOne() {
        read(-7_000);

        assertThat(skew.aheadMs()).isEqualTo(-7_000);
    }

    @Test
    void oneRecordThatWasLateProvesNothing() {
        read(60_000);

        assertThat(skew.aheadMs()).isZero();
    }

    @Test
    void rule08ADifferenceThatMattersIsWarnedOfOnceInAWhile() {
        try (LogLines lines = LogLines.of(ClockSkew.class.getName())) {
            read(100, 200, 300);
            assertThat(lines.lines()).isEmpty();

            read(-7_000);
            read(-7_000);

            assertThat(lines.lines()).singleElement().asString().contains("PT7S behind");
        }
    }

    /** A window with records of these ages. */
    private void read(long... agesMs) {
        for (long ageMs : agesMs) {
            skew.read(ageMs, nowMs += 100);
        }
        nowMs += ClockSkew.WINDOW_MS;
        skew.read(agesMs[0], nowMs);
    }
}
