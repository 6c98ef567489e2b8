package dev.rmb.router.dispatch;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the messages of all partitions of a router take, and may take. Thread-safe. */
public final class SharedMemory {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    public SharedMemory(long limit) {
        this.limit = limit;
    }

    boolean isFull() {
        return held.get() > limit;
    }

    void take(long bytes) {
        held.addAndGet(bytes);
    }
}
