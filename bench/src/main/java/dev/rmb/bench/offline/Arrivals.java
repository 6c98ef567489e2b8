package dev.rmb.bench.offline;

/** How many messages have come and when the last one did. One thread writes, others may read. */
final class Arrivals {
    private volatile long count;
    private volatile long lastNanos = System.nanoTime();

    /** By the writing thread alone. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void another() {
        lastNanos = System.nanoTime();
        count++;
    }

    long count() {
        return count;
    }

    long lastNanos() {
        return lastNanos;
    }
}
