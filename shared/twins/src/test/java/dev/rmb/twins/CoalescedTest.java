package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class CoalescedTest {
    private final List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final Coalesced<Integer, String> coalesced =
            new Coalesced<>(
                    key -> {
                        var answer = new CompletableFuture<Optional<String>>();
                        asked.add(answer);
                        return answer;
                    },
                    (key, found) -> kept.add(key + " is " + found.orElse("nobody")));

    @Test
    void whoAsksWhileItIsAskedWaitsForTheSameAnswer() {
        List<CompletionStage<Optional<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(coalesced.ask(7));
        }
        assertThat(asked).hasSize(1);
        asked.get(0).complete(Optional.of("a"));

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.toCompletableFuture())
                                .isCompletedWithValue(Optional.of("a")));
        assertThat(kept).containsExactly("7 is a");
        assertThat(coalesced.size()).isZero();
    }

    @Test
    void whatIsHeardMeanwhileIsNewerThanTheAnswer() {
        var answer = coalesced.ask(7).toCompletableFuture();
        coalesced.heard(7, Optional.of("b"));
        asked.get(0).complete(Optional.of("a"));

        assertThat(answer).isCompletedWithValue(Optional.of("b"));
        assertThat(kept).containsExactly("7 is b");
    }

    @Test
    void anAnswerInDoubtIsGivenAndNotKept() {
        var answer = coalesced.ask(7).toCompletableFuture();
        coalesced.heard(7, Optional.of("b"));
        coalesced.doubtAll();
        asked.get(0).complete(Optional.of("a"));

        assertThat(answer).isCompletedWithValue(Optional.of("a"));
        assertThat(kept).isEmpty();
    }

    @Test
    void aFailureIsEverybodysAndTheNextAsksAnew() {
        var one = coalesced.ask(7).toCompletableFuture();
        var other = coalesced.ask(7).toCompletableFuture();
        asked.get(0).completeExceptionally(DirectoryException.retryable("away", null));

        assertThat(one).isCompletedExceptionally();
        assertThat(other).isCompletedExceptionally();
        var unused = coalesced.ask(7);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatIsHeardOfOthersChangesNothing() {
        coalesced.heard(8, Optional.of("b"));
        coalesced.doubt(8);

        assertThat(kept).isEmpty();
        assertThat(coalesced.size()).isZero();
    }
}
