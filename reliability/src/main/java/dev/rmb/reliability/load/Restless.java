package dev.rmb.reliability.load;

import java.time.Duration;

/** A receiver with bad {@link Habits}. Belongs to the crowd's event loop. */
final class Restless {
    private static final long LEAST = 4;

    private final Crowd crowd;
    private final Receiver receiver;
    private final Habits habits;
    private boolean isStopped;

    Restless(Crowd crowd, Receiver receiver, Habits habits) {
        this.crowd = crowd;
        this.receiver = receiver;
        this.habits = habits;
        stay();
    }

    void stop() {
        isStopped = true;
    }

    private void stay() {
        later(habits.stay(), this::beDeaf);
    }

    private void beDeaf() {
        if (habits.deaf().isZero()) {
            leave();
        } else {
            receiver.read(false);
            later(habits.deaf(), this::leave);
        }
    }

    private void leave() {
        if (habits.away().isZero()) {
            receiver.hop();
            stay();
        } else {
            receiver.leave(habits.reset());
            later(habits.away(), this::comeBack);
        }
    }

    private void comeBack() {
        receiver.come();
        stay();
    }

    private void later(Duration most, Runnable action) {
        long nanos = most.toNanos();
        long pause = crowd.random().nextLong(nanos / LEAST, nanos + 1);
        crowd.after(
                Duration.ofNanos(pause),
                () -> {
                    if (!isStopped) {
                        action.run();
                    }
                });
    }
}
