package dev.rmb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aClosedLoopKeepsItsWindow() {
        var pace = new Pace.Closed(64);
        assertThat(pace.allowed(0, 0, 5)).isEqualTo(64);
        assertThat(pace.allowed(0, 10, 5)).isEqualTo(74);
        assertThat(pace.intendedNanos(0, 73, 5)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, 1000, 20_000, 123_456.7})
    void anOpenLoopsSendersTogetherKeepTheRate(double rate) {
        int senders = 3;
        var pace = new Pace.Open(7 * SECOND, senders, rate);
        long after10s = 17 * SECOND - 1;
        long sent = IntStream.range(0, senders).mapToLong(i -> pace.allowed(i, 0, after10s)).sum();
        assertThat((double) sent).isBetween(10 * rate - 1, 10 * rate + 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, 1000, 20_000, 123_456.7})
    void aMessageIsAllowedFromItsIntendedTimeOn(double rate) {
        var pace = new Pace.Open(SECOND, 4, rate);
        for (long number = 0; number < 100; number++) {
            // One nanosecond is what rounding may cost.
            long due = pace.intendedNanos(2, number, 0);
            assertThat(pace.allowed(2, 0, due + 1)).isEqualTo(number + 1);
            assertThat(pace.allowed(2, 0, due - 1)).isEqualTo(number);
        }
    }

    @Test
    void nothingIsDueBeforeTheStart() {
        var pace = new Pace.Open(SECOND, 1, 1000);
        assertThat(pace.allowed(0, 0, SECOND - 1)).isZero();
    }
}
