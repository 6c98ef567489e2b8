package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundsTest {
    private final AtomicInteger resumed = new AtomicInteger();

    @Test
    void readingStopsAtTheWindowsMessagesAndGoesOnOnceBelow() {
        var window = new ReceiveWindow(2, 1000);
        assertThat(window.take(1, resumed::incrementAndGet)).isTrue();
        assertThat(window.take(1, resumed::incrementAndGet)).isFalse();
        assertThat(window.isStalled()).isTrue();
        window.release(1);
        assertThat(resumed).hasValue(1);
        assertThat(window.isStalled()).isFalse();
        window.release(1);
        assertThat(resumed).as("reading goes on already").hasValue(1);
    }

    @Test
    void readingStopsAtTheWindowsBytes() {
        var window = new ReceiveWindow(10, 100);
        assertThat(window.take(99, resumed::incrementAndGet)).isTrue();
        assertThat(window.take(200, resumed::incrementAndGet)).isFalse();
        window.release(99);
        assertThat(resumed).as("still too many").hasValue(0);
        window.release(200);
        assertThat(resumed).hasValue(1);
    }

    @Test
    void aWindowOfOneMessageLetsThroughOneAfterTheOther() {
        var window = new ReceiveWindow(1, 100);
        for (int i = 1; i <= 3; i++) {
            assertThat(window.take(5, resumed::incrementAndGet)).isFalse();
            window.release(5);
            assertThat(resumed).hasValue(i);
        }
    }

    @Test
    void allThatStandStillBeforeAFullWindowGoOn() {
        var window = new ReceiveWindow(1, 100);
        assertThat(window.take(5, resumed::incrementAndGet)).isFalse();
        assertThat(window.mayRead(resumed::incrementAndGet)).isFalse();
        window.release(5);
        assertThat(resumed).hasValue(2);
    }

    @Test
    void aBudgetIsBoundedInMessagesAndBytes() {
        var budget = new Budget(2, 100);
        assertThat(budget.tryTake(60)).isTrue();
        assertThat(budget.tryTake(60)).isFalse();
        assertThat(budget.tryTake(40)).isTrue();
        assertThat(budget.tryTake(0)).as("a third message").isFalse();
        budget.release(60);
        assertThat(budget.tryTake(60)).isTrue();
    }

    @Test
    void anEmptyBudgetTakesAnyOneMessage() {
        var budget = new Budget(2, 100);
        assertThat(budget.tryTake(1000)).isTrue();
        assertThat(budget.tryTake(1)).isFalse();
    }

    @Test
    void soManyRequestsAndBytesAreServedAtATimeAndTheOthersInTurn() {
        List<String> told = new ArrayList<>();
        List<Runnable> served = new ArrayList<>();
        var limit =
                new ServingLimit(
                        new ServingLimit.Bound(2, 100), new ServingLimit.Bound(10, 10_000));
        limit.run(task("a", 60, told, served));
        limit.run(task("b", 60, told, served));
        limit.run(task("c", 10, told, served));
        assertThat(told).as("neither too many bytes nor out of turn").containsExactly("a");

        served.remove(0).run();
        assertThat(told).containsExactly("a", "b", "c");

        limit.run(task("huge", 1_000, told, served));
        served.remove(0).run();
        assertThat(told).hasSize(3);
        served.remove(0).run();
        assertThat(told).as("alone, whatever its size").endsWith("huge");
    }

    @Test
    void whatWaitsTooMuchIsRefusedTheLatestFirst() {
        List<String> told = new ArrayList<>();
        List<Runnable> served = new ArrayList<>();
        var limit =
                new ServingLimit(new ServingLimit.Bound(1, 100), new ServingLimit.Bound(2, 100));
        for (String name : List.of("a", "b", "c", "d")) {
            limit.run(task(name, 10, told, served));
        }
        limit.shed();
        assertThat(told).containsExactly("a", "no d");

        limit.run(task("e", 90, told, served));
        limit.shed();
        assertThat(told).containsExactly("a", "no d", "no e");

        served.remove(0).run();
        served.remove(0).run();
        assertThat(told).endsWith("b", "c");
    }

    private static ServingLimit.Task task(
            String name, int bytes, List<String> told, List<Runnable> served) {
        return new ServingLimit.Task(
                bytes,
                ended -> {
                    told.add(name);
                    served.add(ended);
                },
                () -> told.add("no " + name));
    }
}
