package dev.rmb.gateway.session;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the sessions of one loop one after the other, evenly spread over a time, so that their
 * clients do not all come to the other gateways at once. For the loop only.
 */
final class Departure {
    private static final long STEP_MS = 10;

    /** No stampede is made of so few: each waits no longer than this for the one before. */
    private static final long LONGEST_PAUSE_MS = 50;

    private final SessionLoop loop;
    private final Deque<Session> left;
    private final int all;
    private final long overMs;
    private final long startedAt = System.nanoTime();
    private final CompletableFuture<Void> done;
    private @Nullable ScheduledFuture<?> steps;

    private Departure(SessionLoop loop, Duration over, CompletableFuture<Void> done) {
        this.loop = loop;
        this.left = new ArrayDeque<>(loop.sessions());
        this.all = left.size();
        this.overMs = Math.min(over.toMillis(), all * LONGEST_PAUSE_MS);
        this.done = done;
    }

    /**
     * Begins with the sessions that there are.
     *
     * @param done completes when the last one has been ended; who completes it before stops it
     */
    static void begin(SessionLoop loop, Duration over, CompletableFuture<Void> done) {
        new Departure(loop, over, done).step();
    }

    private void step() {
        long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
        long due = overMs == 0 ? all : Math.min(all, 1 + all * elapsedMs / overMs);
        while (!done.isDone() && !left.isEmpty() && all - left.size() < due) {
            Session next = left.remove();
            next.guarded(() -> next.end(Ending.GOING_AWAY));
        }
        if (done.isDone() || left.isEmpty()) {
            done.complete(null);
            if (steps != null) {
                steps.cancel(false);
            }
        } else if (steps == null) {
            steps =
                    loop.executor()
                            .scheduleAtFixedRate(
                                    this::step, STEP_MS, STEP_MS, TimeUnit.MILLISECONDS);
        }
    }
}
