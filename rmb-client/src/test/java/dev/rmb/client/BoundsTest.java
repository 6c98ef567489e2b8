package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundsTest {
    @Test
    void readingStopsAtTheWindowsMessagesAndGoesOnOnceBelow() {
        var window = new ReceiveWindow(2, 1000);
        assertThat(window.take(1)).isTrue();
        assertThat(window.take(1)).isFalse();
        assertThat(window.isStalled()).isTrue();
        assertThat(window.release(1)).isTrue();
        assertThat(window.isStalled()).isFalse();
        assertThat(window.release(1)).as("reading goes on already").isFalse();
    }

    @Test
    void readingStopsAtTheWindowsBytes() {
        var window = new ReceiveWindow(10, 100);
        assertThat(window.take(99)).isTrue();
        assertThat(window.take(200)).isFalse();
        assertThat(window.release(99)).as("still too many").isFalse();
        assertThat(window.release(200)).isTrue();
    }

    @Test
    void aWindowOfOneMessageLetsThroughOneAfterTheOther() {
        var window = new ReceiveWindow(1, 100);
        for (int i = 0; i < 3; i++) {
            assertThat(window.take(5)).isFalse();
            assertThat(window.release(5)).isTrue();
        }
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
}
