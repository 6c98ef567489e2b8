package dev.rmb.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one client, all daemons. Their queues are bounded by what may be in progress: see
 * {@link SessionSettings}.
 */
final class ClientThreads implements AutoCloseable {
    private static final int HANDLER_THREADS = 16;

    /** Name look-ups block, of relays and of what is asked on their public port. */
    private static final int IO_THREADS = 2;

    /** Signatures are what takes time. */
    private static final int WORKER_THREADS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final String name;
    private final ScheduledThreadPoolExecutor loop;
    private final ExecutorService io;
    private final ExecutorService workers;
    private final ThreadPoolExecutor callbacks;
    private final @Nullable ExecutorService ownHandlers;
    private final Executor handlers;

    /**
     * Starts no thread yet.
     *
     * @param name what the threads' names start with
     * @param handlers runs the handlers; {@code null} for threads of the client's own
     */
    ClientThreads(String name, @Nullable Executor handlers) {
        this.name = name;
        loop = new ScheduledThreadPoolExecutor(1, factory("loop"));
        loop.setRemoveOnCancelPolicy(true);
        // After closing no timer is of use.
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        io = pool("io", IO_THREADS);
        workers = pool("worker", WORKER_THREADS);
        callbacks = pool("callbacks", 1);
        // What completes while closing is told by whoever closes.
        callbacks.setRejectedExecutionHandler((task, pool) -> task.run());
        if (handlers == null) {
            ownHandlers = pool("handler", HANDLER_THREADS);
            this.handlers = ownHandlers;
        } else {
            ownHandlers = null;
            this.handlers = handlers;
        }
    }

    private ThreadFactory factory(String role) {
        var count = new AtomicInteger();
        return task -> new ClientThread(task, name + "-" + role + "-" + count.incrementAndGet());
    }

    private ThreadPoolExecutor pool(String role, int threads) {
        var pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        factory(role));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Owns the state of the connection, and keeps the time. Never runs the user's code. */
    ScheduledExecutorService loop() {
        return loop;
    }

    /** Connects: name look-ups and handshakes. */
    Executor io() {
        return io;
    }

    /** Verifies and decrypts. Never runs anything that blocks. */
    Executor workers() {
        return workers;
    }

    /** Completes what somebody waits for. */
    void complete(Runnable task) {
        callbacks.execute(task);
    }

    /** Runs the user's listener and what depends on the user's stages, one after the other. */
    Executor callbacks() {
        return callbacks;
    }

    /** Runs the user's handlers. */
    Executor handlers() {
        return handlers;
    }

    /** Lets what was started end, for a bounded time. */
    @Override
    public void close() {
        loop.shutdown();
        callbacks.shutdown();
        if (ownHandlers != null) {
            ownHandlers.shutdownNow();
        }
        io.shutdown();
        workers.shutdown();
        // Whoever closes a client from its own listener cannot wait for that listener.
        if (!(Thread.currentThread() instanceof ClientThread own && own.belongsTo(this))) {
            await(callbacks);
        }
    }

    private final class ClientThread extends Thread {
        ClientThread(Runnable task, String threadName) {
            super(task, threadName);
            setDaemon(true);
        }

        boolean belongsTo(ClientThreads threads) {
            return ClientThreads.this == threads;
        }
    }

    /** What is behind a callback that does not end is told here: somebody may wait for it. */
    private static void await(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow().forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            executor.shutdownNow().forEach(Runnable::run);
            Thread.currentThread().interrupt();
        }
    }
}
