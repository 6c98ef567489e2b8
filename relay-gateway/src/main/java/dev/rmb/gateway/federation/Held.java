package dev.rmb.gateway.federation;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of envelopes that have come and are not answered yet. Thread-safe. */
final class Held {
    /** What one costs beside its bytes, about: bounds the number of small ones, too. */
    static final int OVERHEAD = 1024;

    private final long max;
    private final AtomicLong bytes = new AtomicLong();

    Held(long max) {
        this.max = max;
    }

    /** Whether an envelope of that size would be taken now. */
    boolean hasRoomFor(long size) {
        return bytes.get() + size + OVERHEAD <= max;
    }

    /** Takes an envelope, if there is room; it is given back once. */
    boolean take(long size) {
        if (bytes.addAndGet(size + OVERHEAD) <= max) {
            return true;
        }
        giveBack(size);
        return false;
    }

    void giveBack(long size) {
        bytes.addAndGet(-size - OVERHEAD);
    }

    long bytes() {
        return bytes.get();
    }
}
