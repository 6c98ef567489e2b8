package dev.rmb.cluster.link;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends the threads of a link transport. */
final class LinkExecutors {
    /** How long what was written may take to leave when a link is closed. */
    static final long LINGER_MS = 500;

    private static final long STOP_MS = 2_000;

    private LinkExecutors() {}

    /** One thread that also runs things later; what is still to come is forgotten when it stops. */
    static ScheduledExecutorService writer(String name) {
        var writer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name(name).daemon().factory());
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        writer.setRemoveOnCancelPolicy(true);
        return writer;
    }

    /** Two threads for listeners, which only queue what they hear. */
    static ExecutorService callbacks(String pod) {
        return Executors.newFixedThreadPool(
                2, Thread.ofPlatform().name(pod + "-link-", 0).daemon().factory());
    }

    /** Lets what was handed in finish, for a bounded time. */
    static void stop(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
