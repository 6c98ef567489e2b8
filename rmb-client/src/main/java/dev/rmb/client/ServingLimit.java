package dev.rmb.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many requests be with handlers at a time, the others in turn. What waits still counts in
 * the receive windows, and so bounds what is read. Thread-safe.
 */
final class ServingLimit {
    /**
     * How much may run, or wait.
     *
     * @param messages at most
     * @param bytes at most, but for a single message
     */
    record Bound(int messages, long bytes) {}

    /**
     * A request.
     *
     * @param bytes that it holds in memory
     * @param start begins to serve it, and runs what it is given when it was served
     * @param refuse tells its sender that it is not served
     */
    record Task(int bytes, Consumer<Runnable> start, Runnable refuse) {}

    private final Bound running;
    private final Bound waiting;
    private final Deque<Task> queue = new ArrayDeque<>();
    private int runningMessages;
    private long runningBytes;
    private long queuedBytes;

    /**
     * @param running what may be with handlers
     * @param waiting what may wait while waiting is {@linkplain #shed limited}
     */
    ServingLimit(Bound running, Bound waiting) {
        this.running = running;
        this.waiting = waiting;
    }

    /** Runs it now, or when it is its turn. */
    void run(Task task) {
        synchronized (this) {
            queue.add(task);
            queuedBytes += task.bytes();
        }
        startWhatMay();
    }

    private void ended(Task task) {
        synchronized (this) {
            runningMessages--;
            runningBytes -= task.bytes();
        }
        startWhatMay();
    }

    /** Refuses what came last, until no more waits than may. */
    void shed() {
        List<Task> refused = new ArrayList<>();
        synchronized (this) {
            while (queue.size() > waiting.messages() || queuedBytes > waiting.bytes()) {
                Task last = queue.removeLast();
                queuedBytes -= last.bytes();
                refused.add(last);
            }
        }
        refused.forEach(task -> task.refuse().run());
    }

    private void startWhatMay() {
        for (Task next = next(); next != null; next = next()) {
            Task started = next;
            started.start().accept(() -> ended(started));
        }
    }

    private synchronized @Nullable Task next() {
        Task next = queue.peek();
        if (next == null
                || runningMessages >= running.messages()
                || (runningMessages > 0 && runningBytes + next.bytes() > running.bytes())) {
            return null;
        }
        queue.remove();
        queuedBytes -= next.bytes();
        runningMessages++;
        runningBytes += next.bytes();
        return next;
    }
}
