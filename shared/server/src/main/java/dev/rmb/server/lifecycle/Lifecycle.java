package dev.rmb.server.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a process: started in order, stopped in reverse. Each stop has its time; one that
 * fails or takes longer is logged, and the others are stopped all the same. Thread-safe.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Part> started = new ArrayDeque<>();
    private boolean closed;

    private record Part(String name, Duration stopWithin, AutoCloseable part) {}

    /**
     * Starts a part. If that fails, all parts so far are stopped.
     *
     * @param name in words, for the log: "the admin port"
     * @param stopWithin how long its {@code close()} may take
     * @param start returns the started part
     * @return what {@code start} returned
     * @throws E what {@code start} threw
     */
    public <T extends AutoCloseable, E extends Exception> T start(
            String name, Duration stopWithin, Starter<T, E> start) throws E {
        try {
            return add(name, stopWithin, start.start());
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** Starts something. */
    @FunctionalInterface
    public interface Starter<T, E extends Exception> {
        T start() throws E;
    }

    /**
     * Takes over a part that runs already; stops it at once if this life cycle is over.
     *
     * @return {@code part}
     */
    public <T extends AutoCloseable> T add(String name, Duration stopWithin, T part) {
        var added = new Part(name, stopWithin, part);
        synchronized (this) {
            if (!closed) {
                started.push(added);
                return part;
            }
        }
        stop(added);
        throw new IllegalStateException(name + " was started while the process stops");
    }

    /** Stops everything; returns when all are stopped or their time is over. */
    @Override
    public void close() {
        while (true) {
            Part next;
            synchronized (this) {
                closed = true;
                next = started.poll();
            }
            if (next == null) {
                return;
            }
            stop(next);
        }
    }

    private static void stop(Part part) {
        Callable<Void> closing =
                () -> {
                    part.part().close();
                    return null;
                };
        var thread = new Thread(() -> run(part.name(), closing), "stop " + part.name());
        thread.setDaemon(true);
        thread.start();
        try {
            if (!thread.join(part.stopWithin())) {
                log.warn(
                        "Stopping {} took longer than {} s; it is left alone",
                        part.name(),
                        part.stopWithin().toSeconds());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private static void run(String name, Callable<Void> closing) {
        try {
            var _ = closing.call();
        } catch (Exception e) {
            log.warn("Stopping {} failed", name, e);
        }
    }
}
