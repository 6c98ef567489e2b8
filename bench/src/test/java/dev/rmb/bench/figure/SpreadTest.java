package dev.rmb.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadTest {
    @Test
    void theMedianIsTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(3, 1, 4, 9));
        assertThat(Spread.of(List.of(1.0, 9.0, 4.0, 2.0))).isEqualTo(new Spread(4, 1, 3, 9));
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(1, 7, 7, 7));
    }

    @Test
    void ratiosAreOfTheSameRound() {
        // Medians of the values, 10 and 10, would say that both are alike.
        assertThat(Spread.ofRatios(List.of(10.0, 2.0, 30.0), List.of(5.0, 1.0, 10.0)))
                .isEqualTo(new Spread(3, 2, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spread.ofRatios(List.of(1.0), List.of()));
    }

    @Test
    void thereIsNoneOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }

    @Test
    void figuresAreKeptRoundByRound() {
        var figures = new Figures();
        figures.add(Map.of("msg/s", 1.0));
        figures.add(Map.of("msg/s", 2.0));
        assertThat(figures.of("msg/s")).containsExactly(1.0, 2.0);
        assertThat(figures.of("p50 ms")).isEmpty();
        assertThat(figures.names()).containsExactly("msg/s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "0.1234|0.123",
                "1.234|1.23",
                "12.34|12.3",
                "123.4|123",
                "123456|123,456"
            })
    void numbersHaveThreeDigitsThatCount(double value, String text) {
        assertThat(Figures.text(value)).isEqualTo(text);
    }

    @Test
    void goalsAreMetAtTheirBound() {
        assertThat(Goal.atLeast("msg/s", 100, "").isMetBy(100)).isTrue();
        assertThat(Goal.atLeast("msg/s", 100, "").isMetBy(99.9)).isFalse();
        assertThat(Goal.atMost("p50 ms", 0.15, "").isMetBy(0.15)).isTrue();
        assertThat(Goal.atMost("p50 ms", 0.15, "").isMetBy(0.151)).isFalse();
        assertThat(Goal.atMost("p50 ms", 0.15, "").text()).isEqualTo("≤ 0.150");
        assertThat(Goal.none("p50 ms").isBound()).isFalse();
        assertThat(Goal.none("p50 ms").text()).isEmpty();
    }
}
