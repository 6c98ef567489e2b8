package dev.rmb.peer.route;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work in lanes, one for each twin: what is in the same lane is done one after the other, in the
 * order in which it came; lanes do not wait for each other. Bounded in messages and bytes over all
 * lanes; whoever brings more waits. Each lane that has work has a virtual thread.
 */
final class Lanes {
    /** Below what a connection to a relay queues. */
    static final int MAX_MESSAGES = 1_000;

    /** Messages of 16 MiB must fit, and two of them. */
    static final int MAX_KIBIBYTES = 32 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Semaphore messages = new Semaphore(MAX_MESSAGES, true);
    private final Semaphore kibibytes = new Semaphore(MAX_KIBIBYTES, true);
    private final Map<Long, ArrayDeque<Entry>> lanes = new HashMap<>();
    private final ThreadFactory threads;

    /** A piece of work, which may block. */
    @FunctionalInterface
    interface Work {
        /**
         * @return completes when it is no longer under way; the next in the lane does not wait for
         *     that
         */
        CompletionStage<?> run() throws InterruptedException;
    }

    private record Entry(int kibibytes, Work work) {}

    /**
     * @param name of the threads
     */
    Lanes(String name) {
        threads = Thread.ofVirtual().name(name + "-", 0).factory();
    }

    /** Queues work; waits while too much is under way. */
    void add(long lane, int bytes, Work work) throws InterruptedException {
        int size = Math.min(MAX_KIBIBYTES, 1 + bytes / 1024);
        messages.acquire();
        try {
            kibibytes.acquire(size);
        } catch (InterruptedException e) {
            messages.release();
            throw e;
        }
        synchronized (lanes) {
            ArrayDeque<Entry> queue = lanes.get(lane);
            if (queue != null) {
                queue.add(new Entry(size, work));
                return;
            }
            queue = new ArrayDeque<>();
            queue.add(new Entry(size, work));
            lanes.put(lane, queue);
        }
        threads.newThread(() -> drive(lane)).start();
    }

    private void drive(long lane) {
        while (true) {
            Entry next;
            synchronized (lanes) {
                ArrayDeque<Entry> queue = lanes.get(lane);
                next = queue == null ? null : queue.poll();
                if (next == null) {
                    lanes.remove(lane);
                    return;
                }
            }
            int size = next.kibibytes();
            var _ =
                    run(next.work())
                            .whenComplete((done, failure) -> {
                                messages.release();
                                kibibytes.release(size);
                            });
        }
    }

    private static CompletionStage<?> run(Work work) {
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("A message could not be processed", e);
        }
        return CompletableFuture.completedStage(null);
    }

    /** Waits for what is under way. */
    boolean awaitIdle(Duration time) throws InterruptedException {
        if (!messages.tryAcquire(MAX_MESSAGES, time.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        messages.release(MAX_MESSAGES);
        return true;
    }
}
