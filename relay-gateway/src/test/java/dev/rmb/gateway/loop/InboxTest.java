package dev.rmb.gateway.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InboxTest {
    private final List<Integer> taken = new ArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();

    private final Inbox.Taker<Integer> taker =
            new Inbox.Taker<>() {
                @Override
                public void take(Integer item) {
                    if (item < 0) {
                        throw new IllegalStateException("an item that cannot be handled");
                    }
                    synchronized (taken) {
                        taken.add(item);
                    }
                }

                @Override
                public void turnEnded() {
                    turns.incrementAndGet();
                }
            };

    @Test
    void manyItemsAreOneWakeUp() {
        Queue<Runnable> loop = new ArrayDeque<>();
        var inbox = new Inbox<Integer>(1000, loop::add, taker);
        for (int i = 0; i < 100; i++) {
            assertThat(inbox.put(i)).isTrue();
        }

        assertThat(loop).hasSize(1);
        loop.remove().run();
        assertThat(taken).hasSize(100).isSorted();
        assertThat(turns).hasValue(1);
        assertThat(loop).isEmpty();
    }

    @Test
    void aFullInboxSaysSo() {
        Queue<Runnable> loop = new ArrayDeque<>();
        var inbox = new Inbox<Integer>(128, loop::add, taker);
        int put = 0;
        while (inbox.put(put)) {
            put++;
        }

        assertThat(put).isEqualTo(128);
        loop.remove().run();
        assertThat(taken).hasSize(128);
        assertThat(inbox.put(0)).isTrue();
    }

    @Test
    void aLongTurnLetsOthersHaveTheirsAndGoesOn() {
        Queue<Runnable> loop = new ArrayDeque<>();
        var inbox = new Inbox<Integer>(1 << 14, loop::add, taker);
        for (int i = 0; i < 10_000; i++) {
            inbox.put(i);
        }

        loop.remove().run();
        assertThat(taken).hasSizeLessThan(10_000);
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
        assertThat(taken).hasSize(10_000).isSorted();
    }

    @Test
    void oneItemThatCannotBeHandledDoesNotTakeOthersWithIt() {
        Queue<Runnable> loop = new ArrayDeque<>();
        var inbox = new Inbox<Integer>(128, loop::add, taker);
        inbox.put(1);
        inbox.put(-1);
        inbox.put(2);
        loop.remove().run();

        assertThat(taken).containsExactly(1, 2);
    }

    @Test
    void nothingIsLostOrReorderedBetweenThreads() throws Exception {
        int producers = 3;
        int each = 100_000;
        try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
            var inbox = new Inbox<Integer>(1 << 20, loop, taker);
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int base = p * each;
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = 0; i < each; i++) {
                                        inbox.put(base + i);
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> size() == producers * each);
        }
        for (int p = 0; p < producers; p++) {
            int base = p * each;
            assertThat(taken.stream().filter(i -> i >= base && i < base + each))
                    .hasSize(each)
                    .isSorted();
        }
    }

    private int size() {
        synchronized (taken) {
            return taken.size();
        }
    }
}
