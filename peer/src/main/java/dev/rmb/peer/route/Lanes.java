package dev.rmb.peer.route;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work in lanes, one for each twin: what is in the same lane is done one after the other, in the
 * order in which it came; lanes do not wait for each other. Each lane that has work has a virtual
 * thread. Bounded by those who bring the work.
 */
final class Lanes {
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Map<Long, ArrayDeque<Work>> lanes = new HashMap<>();
    private final ThreadFactory threads;

    /** A piece of work, which may block. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /**
     * @param name of the threads
     */
    Lanes(String name) {
        threads = Thread.ofVirtual().name(name + "-", 0).factory();
    }

    /** Queues work. */
    void add(long lane, Work work) {
        synchronized (lanes) {
            ArrayDeque<Work> queue = lanes.get(lane);
            if (queue != null) {
                queue.add(work);
                return;
            }
            queue = new ArrayDeque<>();
            queue.add(work);
            lanes.put(lane, queue);
        }
        threads.newThread(() -> drive(lane)).start();
    }

    private void drive(long lane) {
        while (true) {
            Work next;
            synchronized (lanes) {
                ArrayDeque<Work> queue = lanes.get(lane);
                next = queue == null ? null : queue.poll();
                if (next == null) {
                    lanes.remove(lane);
                    lanes.notifyAll();
                    return;
                }
            }
            run(next);
        }
    }

    private static void run(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // What is behind it must not wait for ever.
            log.error("A message could not be processed", e);
        }
    }

    /** Waits for what is under way. */
    boolean awaitIdle(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (lanes) {
            while (!lanes.isEmpty()) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    return false;
                }
                lanes.wait(left);
            }
            return true;
        }
    }
}
