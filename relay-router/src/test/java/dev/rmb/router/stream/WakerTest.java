package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class WakerTest {
    private static final int CALLS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicReference<Waker> waker = new AtomicReference<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

    /** A thread that waits like a consumer, whose wake-up ends the next wait and no other. */
    private Thread waiting(long waitNanos) {
        return Thread.ofPlatform()
                .name("waiting")
                .start(() -> {
                    Waker mine = Waker.mine();
                    mine.add(() -> done.set(asked.get()));
                    waker.set(mine);
                    AtomicBoolean wakeUp = new AtomicBoolean();
                    Thread me = Thread.currentThread();
                    while (!stop.get()) {
                        mine.turn();
                        boolean isCalled =
                                mine.begin(() -> {
                                    wakeUp.set(true);
                                    LockSupport.unpark(me);
                                });
                        if (!isCalled && !wakeUp.get()) {
                            LockSupport.parkNanos(waitNanos);
                        }
                        boolean isInterrupted = wakeUp.getAndSet(false);
                        boolean isLate = mine.end(isInterrupted);
                        if (isLate) {
                            assertThat(wakeUp.getAndSet(false)).isTrue();
                        }
                        if (isInterrupted || isLate) {
                            interrupted.incrementAndGet();
                        }
                        assertThat(wakeUp.get()).as("left over").isFalse();
                        mine.turn();
                    }
                });
    }

    @Test
    void whoWaitsIsCalledAwayAtOnce() throws InterruptedException {
        Thread thread = waiting(PATIENCE.toNanos());
        await().atMost(PATIENCE).until(() -> waker.get() != null);

        asked.incrementAndGet();
        waker.get().call();
        await().atMost(PATIENCE).until(() -> done.get() == 1);

        stop.set(true);
        waker.get().call();
        thread.join(PATIENCE);
        assertThat(thread.isAlive()).isFalse();
        assertThat(interrupted).hasValueGreaterThan(0);
    }

    @Test
    void noCallIsLostAndNoneIsLeftOver() throws InterruptedException {
        Thread thread = waiting(PATIENCE.toNanos());
        await().atMost(PATIENCE).until(() -> waker.get() != null);

        for (int i = 0; i < CALLS; i++) {
            asked.incrementAndGet();
            waker.get().call();
        }
        await().atMost(PATIENCE).until(() -> done.get() == CALLS);

        stop.set(true);
        waker.get().call();
        thread.join(PATIENCE);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void aTurnThatIsRemovedIsNotRun() {
        Waker mine = Waker.mine();
        Runnable turn = done::incrementAndGet;
        mine.add(turn);
        mine.call();
        mine.turn();
        mine.remove(turn);
        mine.call();
        mine.turn();

        assertThat(done).hasValue(1);
    }

    @Test
    void littleThingsEndLongWaitsOnly() {
        Waker mine = Waker.mine();
        Runnable turn = done::incrementAndGet;
        mine.add(turn);
        mine.callIfResting();
        mine.turn();
        assertThat(done).hasValue(0);

        mine.rest(true);
        assertThat(mine.begin(interrupted::incrementAndGet)).isFalse();
        mine.callIfResting();
        assertThat(interrupted).hasValue(1);
        assertThat(mine.end(true)).isFalse();
        mine.turn();
        assertThat(done).hasValue(1);

        mine.rest(false);
        mine.callIfResting();
        mine.turn();
        mine.remove(turn);
        assertThat(done).hasValue(1);
    }
}
