package dev.rmb.client;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many run at a time, the others in turn. What waits is bounded by the receive windows,
 * where it still counts. Thread-safe.
 */
final class ServingLimit {
    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    ServingLimit(int most) {
        this.most = most;
    }

    /** Runs it now, or when it is its turn. What it starts is to say when it {@link #ended}. */
    void run(Runnable start) {
        synchronized (this) {
            if (running >= most) {
                waiting.add(start);
                return;
            }
            running++;
        }
        start.run();
    }

    /** Something that was started ended. */
    void ended() {
        Runnable next = next();
        if (next != null) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = waiting.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
