package dev.rmb.reliability.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.reliability.proof.Findings;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Findings FOUND = new Findings(1_200, 1_100, 1_150, 1, 2, 3, 4, 5, 6, 0, 0);
    private static final Outcome GOOD =
            new Outcome("1", "something", 60, FOUND, 1_234L, 0.015, List.of(), List.of("a note"));
    private static final Outcome BAD =
            new Outcome("2", "other", 1, null, null, null, List.of("it broke"), List.of());

    @Test
    void theTableHasALineForEachScenario() {
        assertThat(new Report(List.of(GOOD, BAD)).markdown())
                .contains(
                        "| 1 something | 1,200 | 1,100 | 1,150 | 1 | 2 | 3 | 4 | 5 (6) | 1.23 s | 1.50 % | good |")
                .contains("| 2 other | ")
                .contains("FAILED")
                .contains("- 2: it broke")
                .contains("- 1: a note");
    }

    @Test
    void oneFailureMakesTheWholeBad() {
        assertThat(new Report(List.of(GOOD)).isGood()).isTrue();
        assertThat(new Report(List.of(GOOD, BAD)).isGood()).isFalse();
    }

    @Test
    void programsReadJson() {
        assertThat(new Report(List.of(GOOD)).json())
                .contains("\"id\" : \"1\"")
                .contains("\"lost\" : 2")
                .contains("\"longestPauseMs\" : 1234");
    }
}
