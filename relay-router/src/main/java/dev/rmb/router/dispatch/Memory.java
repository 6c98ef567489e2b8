package dev.rmb.router.dispatch;

/** How much memory the messages of a partition take, and may take. */
final class Memory {
    /** What an object per message costs beside its envelope, roughly. */
    static final int OVERHEAD = 200;

    private final long limit;
    private long held;

    Memory(long limit) {
        this.limit = limit;
    }

    boolean isFull() {
        return held > limit;
    }

    void take(Message message) {
        held += message.size + OVERHEAD;
    }

    /** Lets the envelope go; does nothing twice. */
    void release(Message message) {
        if (message.hasEnvelope()) {
            message.dropEnvelope();
            held -= message.size + OVERHEAD;
        }
    }

    long held() {
        return held;
    }
}
