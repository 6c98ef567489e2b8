package dev.rmb.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.session.Intake.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class IntakeTest {
    private final Intake intake = new Intake();
    private final List<Integer> given = new ArrayList<>();

    @Test
    void anAnswerWithNothingBeforeItIsGivenAtOnce() {
        intake.answerInTurn(answer(1), this::give);
        assertThat(given).containsExactly(1);
    }

    @Test
    void rule15AnAnswerWaitsForAllBeforeItAndForNothingAfterIt() {
        Stage first = intake.sent(10);
        Stage second = intake.sent(10);
        intake.answerInTurn(answer(1), this::give);
        Stage third = intake.sent(10);

        intake.ended(second, 10, this::give);
        assertThat(given).isEmpty();
        intake.ended(first, 10, this::give);
        assertThat(given).containsExactly(1);
        intake.ended(third, 10, this::give);
        assertThat(intake.bytes()).isZero();
        assertThat(intake.isEmpty()).isTrue();
    }

    @Test
    void waitingAnswersWeighSomethingUntilTheyAreGiven() {
        Stage send = intake.sent(10);
        intake.answerInTurn(answer(1), this::give);
        intake.answerInTurn(answer(2), this::give);

        assertThat(intake.bytes()).isEqualTo(12 + 2 * Intake.ANSWER_OVERHEAD);
        intake.ended(send, 10, this::give);
        assertThat(given).containsExactly(1, 2);
        assertThat(intake.bytes()).isZero();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverOrderSendsEndInAnswersComeInTurnAndNeverEarly(long seed) {
        var random = new SplittableRandom(seed);
        List<Stage> open = new ArrayList<>();
        List<String> openNames = new ArrayList<>();
        List<List<String>> before = new ArrayList<>();
        int sends = 0;
        for (int step = 0; step < 500 || !open.isEmpty(); step++) {
            int choice = step < 500 ? random.nextInt(5) : 4;
            if (choice < 2) {
                open.add(intake.sent(1));
                openNames.add("send " + sends++);
            } else if (choice == 2 && before.size() < 100) {
                before.add(List.copyOf(openNames));
                intake.answerInTurn(answer(before.size() - 1), this::give);
            } else if (!open.isEmpty()) {
                int which = random.nextInt(open.size());
                openNames.remove(which);
                intake.ended(open.remove(which), 1, this::give);
            }
            for (int i = 0; i < before.size(); i++) {
                boolean due = before.get(i).stream().noneMatch(openNames::contains);
                boolean earlierGiven = i == 0 || given.contains(i - 1);
                assertThat(given.contains(i)).isEqualTo(due && earlierGiven);
            }
        }

        assertThat(given).isSorted().hasSameSizeAs(before);
        assertThat(intake.bytes()).isZero();
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private static byte[] answer(int name) {
        return new byte[] {(byte) name};
    }

    private void give(byte[] answer) {
        given.add((int) answer[0]);
    }
}
