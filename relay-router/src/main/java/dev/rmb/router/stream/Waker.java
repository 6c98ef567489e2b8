package dev.rmb.router.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings a stream thread out of its wait for the log, for what is worth no wait at all: offers.
 * What they are about is done on that thread, between two looks at the log. One for each stream
 * thread.
 *
 * <p>Kafka's wake-up of a consumer makes its next call fail, whichever that is; so it is used only
 * while the thread is inside {@link WokenConsumer#poll}, and what comes of it ends there.
 */
final class Waker {
    private static final ThreadLocal<Waker> MINE = ThreadLocal.withInitial(Waker::new);

    /** The thread does something else, and will look before it waits. */
    private static final Object AWAY = new Object();

    private static final Object WAITING = new Object();

    /** Somebody has woken it. */
    private static final Object WOKEN = new Object();

    private static final long PAUSE_NANOS = 10_000;

    /** One of these, or who is waking the thread just now: an object of each call's own. */
    private final AtomicReference<Object> state = new AtomicReference<>(AWAY);

    private volatile boolean called;

    /** Its waits are long ones just now. */
    private volatile boolean resting;

    /** Set before the state says that it is waited on. */
    private @Nullable Runnable wakeUp;

    /** Of the thread alone. */
    private final List<Runnable> turns = new ArrayList<>();

    private Waker() {}

    /** The one of this thread. */
    static Waker mine() {
        return MINE.get();
    }

    /** From now on {@code turn} is run whenever this thread was called, on this thread. */
    void add(Runnable turn) {
        turns.add(turn);
    }

    void remove(Runnable turn) {
        turns.remove(turn);
    }

    /** Has the turns run soon. On any thread. */
    void call() {
        called = true;
        if (state.get() != WAITING) {
            return;
        }
        Object caller = new Object();
        if (state.compareAndSet(WAITING, caller)) {
            Runnable waiting = wakeUp;
            if (waiting != null) {
                waiting.run();
            }
            state.compareAndSet(caller, WOKEN);
        }
    }

    /**
     * Ends a long wait: what is not worth waking the thread is not to lie about for so long either.
     * On any thread. What comes in the moment in which the thread lies down waits for its next
     * look.
     */
    void callIfResting() {
        if (resting) {
            call();
        }
    }

    /** Says how the thread will wait. */
    void rest(boolean isLong) {
        if (resting != isLong) {
            resting = isLong;
        }
    }

    boolean isResting() {
        return resting;
    }

    /**
     * Runs the turns if somebody called.
     *
     * @return whether somebody did
     */
    boolean turn() {
        if (!called) {
            return false;
        }
        called = false;
        for (int i = 0; i < turns.size(); i++) {
            turns.get(i).run();
        }
        return true;
    }

    /**
     * The thread is about to wait.
     *
     * @return whether it should not, because somebody has called
     */
    boolean begin(Runnable wakeUp) {
        this.wakeUp = wakeUp;
        state.set(WAITING);
        return called;
    }

    /**
     * It waits no more.
     *
     * @param isInterrupted the wake-up has ended the wait
     * @return whether a wake-up is still to come, or has come too late for the wait
     */
    boolean end(boolean isInterrupted) {
        if (state.compareAndSet(WAITING, AWAY)) {
            return false;
        }
        // Who woke it may be anywhere behind that, without a processor for a while.
        while (!isInterrupted && state.get() != WOKEN) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        state.set(AWAY);
        return !isInterrupted;
    }
}
