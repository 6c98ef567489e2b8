package dev.rmb.router.stream;

import dev.rmb.router.dispatch.SharedMemory;
import java.util.concurrent.atomic.AtomicLong;

/** Shared by the partitions of all stream threads. Thread-safe. */
final class RouterMemory implements SharedMemory {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    RouterMemory(long limit) {
        this.limit = limit;
    }

    @Override
    public boolean isFull() {
        return held.get() > limit;
    }

    @Override
    public void take(long bytes) {
        held.addAndGet(bytes);
    }
}
