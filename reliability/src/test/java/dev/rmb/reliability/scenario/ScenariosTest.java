package dev.rmb.reliability.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScenariosTest {
    @Test
    void eachHasAnIdOfItsOwn() {
        assertThat(Scenarios.all()).extracting(Scenario::id).doesNotHaveDuplicates();
    }

    @Test
    void everyNumberOfTheIssueIsThere() {
        assertThat(IntStream.rangeClosed(1, 13))
                .allSatisfy(number ->
                        assertThat(Scenarios.named(Integer.toString(number))).isNotEmpty());
    }

    @Test
    void aNumberMeansAllOfThatNumber() {
        assertThat(ids(Scenarios.named("3"))).containsExactly("3a", "3b");
        assertThat(ids(Scenarios.named("3b"))).containsExactly("3b");
        assertThat(ids(Scenarios.named("1"))).containsExactly("1");
        assertThat(ids(Scenarios.named("drain"))).containsExactly("drain");
        assertThat(ids(Scenarios.named("move"))).containsExactly("move");
        assertThat(Scenarios.named("99")).isEmpty();
    }

    @Test
    void theShortFormIsTheOneForContinuousIntegration() {
        assertThat(ids(Scenarios.shortForm())).containsExactly("1", "2", "4", "7");
    }

    private static List<String> ids(List<Scenario> scenarios) {
        return scenarios.stream().map(Scenario::id).toList();
    }
}
