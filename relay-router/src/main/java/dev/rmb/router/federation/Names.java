package dev.rmb.router.federation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks names up on threads of its own, because that may block for long. Thread-safe. */
final class Names implements AutoCloseable {
    /** A name whose servers are silent takes one of them for some ten seconds. */
    private static final int THREADS = 8;

    private static final int QUEUE = 1_024;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;

    Names(String name) {
        threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(QUEUE),
                        Thread.ofPlatform().name(name + "-names-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * @param found hears the addresses, none if there are none, on any thread
     */
    void lookUp(String host, Consumer<List<InetAddress>> found) {
        try {
            threads.execute(() -> found.accept(addresses(host)));
        } catch (RejectedExecutionException e) {
            found.accept(List.of());
        }
    }

    /** What is being looked up may take its time; nobody waits for it. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
