package dev.rmb.standalone.command;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Tells who waits at a terminal that something is still going on, on one line that it rewrites each
 * second and clears in the end. Where nobody watches it tells nothing.
 */
final class Progress implements AutoCloseable {
    private static final long EVERY_MS = 1000;

    /** Back to the beginning of the line, and nothing in it. */
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final LongFunction<String> text;
    private final Thread ticker;
    private boolean shown;

    private Progress(PrintWriter out, LongFunction<String> text) {
        this.out = out;
        this.text = text;
        this.ticker = Thread.ofPlatform().daemon().name("progress").unstarted(this::tick);
    }

    /**
     * Starts to tell, after the first second.
     *
     * @param text what is shown after so many seconds
     */
    static Progress on(PrintWriter err, LongFunction<String> text) {
        var progress = new Progress(err, text);
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()) {
            progress.ticker.start();
        }
        return progress;
    }

    private void tick() {
        long start = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(EVERY_MS);
                show((System.nanoTime() - start) / 1_000_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void show(long seconds) {
        if (!Thread.currentThread().isInterrupted()) {
            shown = true;
            out.print(CLEAR + text.apply(seconds));
            out.flush();
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
        synchronized (this) {
            if (shown) {
                out.print(CLEAR);
                out.flush();
            }
        }
    }
}
