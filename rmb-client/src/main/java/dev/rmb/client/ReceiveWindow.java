package dev.rmb.client;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of what was received from one relay is still being worked on, over whichever connection
 * it came. While it is too much, nothing more is read. Thread-safe.
 */
final class ReceiveWindow {
    private final int maxMessages;
    private final long maxBytes;
    private final List<Runnable> stalled = new ArrayList<>();
    private int messages;
    private long bytes;

    ReceiveWindow(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /**
     * Counts a message in.
     *
     * @param resume as in {@link #mayRead}
     * @return whether another one may be read
     */
    synchronized boolean take(int length, Runnable resume) {
        messages++;
        bytes += length;
        return mayRead(resume);
    }

    /**
     * Whether a message may be read.
     *
     * @param resume if not, a later {@link #release} runs this as soon as one may
     */
    synchronized boolean mayRead(Runnable resume) {
        if (!isFull()) {
            return true;
        }
        stalled.add(resume);
        return false;
    }

    /** Counts a message out, and lets those read on who may. */
    void release(int length) {
        List<Runnable> resumed;
        synchronized (this) {
            messages--;
            bytes -= length;
            if (stalled.isEmpty() || isFull()) {
                return;
            }
            resumed = List.copyOf(stalled);
            stalled.clear();
        }
        resumed.forEach(Runnable::run);
    }

    /** Whether somebody does not read at the moment. */
    synchronized boolean isStalled() {
        return !stalled.isEmpty();
    }

    private boolean isFull() {
        return messages >= maxMessages || bytes >= maxBytes;
    }
}
