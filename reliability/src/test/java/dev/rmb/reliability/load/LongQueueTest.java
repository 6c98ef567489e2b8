package dev.rmb.reliability.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LongQueueTest {
    @Test
    void whatGoesInComesOutInOrderHoweverMuchItIs() {
        var queue = new LongQueue();
        long out = 0;
        for (long in = 0; in < 10_000; in++) {
            queue.add(in);
            if (in % 3 == 0) {
                assertThat(queue.remove()).isEqualTo(out++);
            }
        }
        while (queue.size() > 0) {
            assertThat(queue.remove()).isEqualTo(out++);
        }
        assertThat(out).isEqualTo(queue.added()).isEqualTo(queue.removed()).isEqualTo(10_000);
    }

    @Test
    void whatIsForgottenCountsAsGone() {
        var queue = new LongQueue();
        for (long in = 0; in < 1_000; in++) {
            queue.add(in);
        }
        queue.clear();
        queue.add(7);

        assertThat(queue.removed()).isEqualTo(1_000);
        assertThat(queue.remove()).isEqualTo(7);
    }
}
