package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads ask, answer, tell of changes and take back what was told, all at once, used as {@link
 * TwinCache} does. Each key's truth is a number that grows, so that what is out of date is less
 * than what was told before.
 */
final class CoalescedStressTest {
    private static final int KEYS = 3;
    private static final int ASKING = 3;
    private static final int STEPS = 3000;
    private static final long PATIENCE_SECONDS = 30;

    private final ExecutorService threads =
            Executors.newCachedThreadPool(task -> new Thread(task, "coalesced-stress"));

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    static LongStream seeds() {
        return LongStream.range(0, 12);
    }

    /** A question that the source has not answered yet. */
    private record Open(CompletableFuture<Optional<Long>> answer, int key, long seen) {}

    /** What is looked up, by whom, and what is kept of it. */
    private static final class World {
        final AtomicLong[] truth = new AtomicLong[KEYS];
        final AtomicLong[] told = new AtomicLong[KEYS];
        final AtomicInteger[] underWay = new AtomicInteger[KEYS];
        final AtomicInteger asking = new AtomicInteger(ASKING);
        final AtomicInteger questions = new AtomicInteger();
        final Map<Integer, Long> kept = new ConcurrentHashMap<>();
        final BlockingQueue<Open> open = new LinkedBlockingQueue<>();
        final Coalesced<Integer, Long> coalesced = new Coalesced<>(this::ask, this::keep);

        World() {
            for (int key = 0; key < KEYS; key++) {
                truth[key] = new AtomicLong();
                told[key] = new AtomicLong();
                underWay[key] = new AtomicInteger();
            }
        }

        private CompletionStage<Optional<Long>> ask(Integer key) {
            assertThat(underWay[key].incrementAndGet()).as("questions under way").isEqualTo(1);
            questions.incrementAndGet();
            var answer = new CompletableFuture<Optional<Long>>();
            open.add(new Open(answer, key, truth[key].get()));
            return answer;
        }

        private void keep(Integer key, Optional<Long> found) {
            kept.put(key, found.orElseThrow());
        }

        /** Answers one question with what was so when it was asked, or fails at it. */
        void answerOne(SplittableRandom random) throws InterruptedException {
            Open question = open.poll(1, TimeUnit.MILLISECONDS);
            if (question == null) {
                return;
            }
            underWay[question.key()].decrementAndGet();
            if (random.nextInt(10) == 0) {
                question.answer().completeExceptionally(DirectoryException.retryable("away", null));
            } else {
                question.answer().complete(Optional.of(question.seen()));
            }
        }

        /** As {@link TwinCache#stored}. */
        void change(int key) {
            long now = truth[key].incrementAndGet();
            coalesced.heard(key, Optional.of(now));
            kept.computeIfPresent(key, (same, before) -> now);
            told[key].set(now);
        }

        /** As {@link TwinCache#doubt}. */
        void takeBack(int key) {
            long now = truth[key].incrementAndGet();
            coalesced.doubt(key);
            kept.remove(key);
            told[key].set(now);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoAsksIsAnsweredOnceAndWhatIsKeptIsNeverOlderThanWhatWasTold(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        boolean takingBack = seed % 2 == 1;
        var world = new World();
        var start = new CyclicBarrier(ASKING + 2);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < ASKING; i++) {
            var own = random.split();
            running.add(
                    threads.submit(() -> {
                        start.await();
                        try {
                            askAround(world, own, !takingBack);
                        } finally {
                            world.asking.decrementAndGet();
                        }
                        return null;
                    }));
        }
        var changes = random.split();
        running.add(
                threads.submit(() -> {
                    start.await();
                    while (world.asking.get() > 0) {
                        changeOne(world, changes, takingBack);
                    }
                    return null;
                }));
        var answers = random.split();
        var done = new CompletableFuture<Void>();
        Future<?> answering =
                threads.submit(() -> {
                    start.await();
                    while (!done.isDone() || !world.open.isEmpty()) {
                        world.answerOne(answers);
                    }
                    return null;
                });
        for (Future<?> one : running) {
            one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        done.complete(null);
        answering.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(world.coalesced.size()).isZero();
        assertThat(world.questions).hasPositiveValue();
        world.kept.forEach((key, value) ->
                assertThat(value).as("key %s", key).isEqualTo(world.truth[key].get()));
    }

    private static void askAround(World world, SplittableRandom random, boolean nothingIsTakenBack)
            throws Exception {
        for (int step = 0; step < STEPS; step++) {
            int key = random.nextInt(KEYS);
            long told = world.told[key].get();
            Long kept = world.kept.get(key);
            if (kept != null) {
                assertThat(kept).as("kept of %s", key).isGreaterThanOrEqualTo(told);
                if (random.nextInt(4) == 0) {
                    // It was pushed out.
                    world.kept.remove(key, kept);
                }
                continue;
            }
            Optional<Long> answer =
                    world.coalesced
                            .ask(key)
                            .exceptionally(failure -> Optional.empty())
                            .toCompletableFuture()
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (nothingIsTakenBack) {
                assertThat(answer.orElse(Long.MAX_VALUE))
                        .as("answered of %s", key)
                        .isGreaterThanOrEqualTo(told);
            }
        }
    }

    private static void changeOne(World world, SplittableRandom random, boolean takingBack) {
        int key = random.nextInt(KEYS);
        if (takingBack && random.nextBoolean()) {
            world.takeBack(key);
        } else {
            world.change(key);
        }
        // Or hardly any question would be without a change.
        for (int pause = random.nextInt(2000); pause > 0; pause--) {
            Thread.onSpinWait();
        }
    }
}
