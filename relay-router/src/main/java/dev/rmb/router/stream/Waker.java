package dev.rmb.router.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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

    private enum State {
        /** The thread does something else, and will look before it waits. */
        AWAY,
        WAITING,
        /** Somebody is waking it. */
        BEING_WOKEN,
        WOKEN
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.AWAY);
    private volatile boolean called;

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
        if (state.compareAndSet(State.WAITING, State.BEING_WOKEN)) {
            Runnable waiting = wakeUp;
            if (waiting != null) {
                waiting.run();
            }
            state.set(State.WOKEN);
        }
    }

    /** Runs the turns if somebody called. */
    void turn() {
        if (called) {
            called = false;
            for (int i = 0; i < turns.size(); i++) {
                turns.get(i).run();
            }
        }
    }

    /**
     * The thread is about to wait.
     *
     * @return whether it should not, because somebody has called
     */
    boolean begin(Runnable wakeUp) {
        this.wakeUp = wakeUp;
        state.set(State.WAITING);
        return called;
    }

    /** It waits no more; returns whether its wait was, or is still to be, interrupted. */
    boolean end() {
        if (state.compareAndSet(State.WAITING, State.AWAY)) {
            return false;
        }
        while (state.get() != State.WOKEN) {
            Thread.onSpinWait();
        }
        state.set(State.AWAY);
        return true;
    }
}
