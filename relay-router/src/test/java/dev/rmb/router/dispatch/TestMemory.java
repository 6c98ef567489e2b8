package dev.rmb.router.dispatch;

/** The memory of a router that has no other partition. */
final class TestMemory implements SharedMemory {
    private final long limit;
    private long held;

    TestMemory(long limit) {
        this.limit = limit;
    }

    @Override
    public boolean isFull() {
        return held > limit;
    }

    @Override
    public void take(long bytes) {
        held += bytes;
    }
}
