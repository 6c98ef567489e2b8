package dev.rmb.client;

/** Bounds what is waiting to be sent, in messages and bytes. Thread-safe. */
final class Budget {
    private final int maxMessages;
    private final long maxBytes;
    private int messages;
    private long bytes;

    Budget(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Takes room for a message if there is some; an empty budget takes any one message. */
    synchronized boolean tryTake(int length) {
        if (messages >= maxMessages || (messages > 0 && bytes + length > maxBytes)) {
            return false;
        }
        take(length);
        return true;
    }

    /** Takes room for a message that is bounded otherwise. */
    synchronized void take(int length) {
        messages++;
        bytes += length;
    }

    synchronized void release(int length) {
        messages--;
        bytes -= length;
    }
}
