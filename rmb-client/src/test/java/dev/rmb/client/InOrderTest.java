package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class InOrderTest {
    private final InOrder<String> order = new InOrder<>();
    private final List<String> handled = new ArrayList<>();

    private CompletableFuture<String> give(String key) {
        var prepared = new CompletableFuture<String>();
        order.then(
                key,
                prepared,
                (result, failure) ->
                        handled.add(key + " " + (failure == null ? result : "failed")));
        return prepared;
    }

    @Test
    void whatIsReadyFirstWaitsForWhatCameFirst() {
        var one = give("a");
        var two = give("a");
        var three = give("a");
        three.complete("3");
        two.completeExceptionally(new IllegalStateException());
        assertThat(handled).isEmpty();
        one.complete("1");

        assertThat(handled).containsExactly("a 1", "a failed", "a 3");
        assertThat(order.size()).isZero();
    }

    @Test
    void othersWaitForNobody() {
        var one = give("a");
        give("b").complete("2");
        assertThat(handled).containsExactly("b 2");
        one.complete("1");
        give("a").complete("3");

        assertThat(handled).containsExactly("b 2", "a 1", "a 3");
        assertThat(order.size()).isZero();
    }

    @Test
    void whatIsBehindAHandlerThatFailsIsHandled() {
        var one = new CompletableFuture<String>();
        order.then(
                "a",
                one,
                (result, failure) -> {
                    throw new AssertionError("fails");
                });
        give("a").complete("2");
        give("a").complete("3");

        one.complete("1");

        assertThat(handled).containsExactly("a 2", "a 3");
        assertThat(order.size()).isZero();
    }

    @Test
    void whatComesWhileTheLastIsHandledWaitsForIt() {
        var one = new CompletableFuture<String>();
        order.then(
                "a",
                one,
                (result, failure) -> {
                    // Another thread finds nothing to do, and what comes then is ready at once.
                    var two = give("a");
                    CompletableFuture.runAsync(() -> two.complete("2")).join();
                    CompletableFuture.runAsync(() -> give("a").complete("3")).join();
                    handled.add("a " + result);
                });

        one.complete("1");

        assertThat(handled).containsExactly("a 1", "a 2", "a 3");
        assertThat(order.size()).isZero();
    }

    @Test
    void aLongQueueEndsWithoutALongStack() {
        List<CompletableFuture<String>> many = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            many.add(give("a"));
        }
        for (int i = many.size() - 1; i >= 0; i--) {
            many.get(i).complete("x");
        }

        assertThat(handled).hasSize(many.size());
        assertThat(order.size()).isZero();
    }
}
