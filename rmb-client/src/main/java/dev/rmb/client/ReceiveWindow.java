package dev.rmb.client;

/**
 * How much of what was received is still being worked on. While it is too much, nothing more is
 * read from the socket. Thread-safe.
 */
final class ReceiveWindow {
    private final int maxMessages;
    private final long maxBytes;
    private int messages;
    private long bytes;
    private boolean stalled;

    ReceiveWindow(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /**
     * Counts a message in.
     *
     * @return whether another one may be read; if not, a later {@link #release} will say so
     */
    synchronized boolean take(int length) {
        messages++;
        bytes += length;
        stalled = isFull();
        return !stalled;
    }

    /**
     * Counts a message out.
     *
     * @return whether reading stands still and may go on now
     */
    synchronized boolean release(int length) {
        messages--;
        bytes -= length;
        if (!stalled || isFull()) {
            return false;
        }
        stalled = false;
        return true;
    }

    /** Whether nothing is read at the moment. */
    synchronized boolean isStalled() {
        return stalled;
    }

    private boolean isFull() {
        return messages >= maxMessages || bytes >= maxBytes;
    }
}
