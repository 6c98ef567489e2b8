package dev.rmb.router.dispatch;

/** How much memory the messages of a partition take. */
final class Memory {
    /** What an object per message costs beside its envelope, roughly. */
    static final int OVERHEAD = 200;

    private final SharedMemory shared;
    private long held;

    Memory(SharedMemory shared) {
        this.shared = shared;
    }

    boolean isFull() {
        return shared.isFull();
    }

    void take(Message message) {
        add(message.size + OVERHEAD);
    }

    /** Lets the envelope go; does nothing twice. */
    void release(Message message) {
        if (message.hasEnvelope()) {
            message.dropEnvelope();
            add(-message.size - OVERHEAD);
        }
    }

    /** Nothing is held any more. */
    void end() {
        add(-held);
    }

    long held() {
        return held;
    }

    private void add(long bytes) {
        held += bytes;
        shared.take(bytes);
    }
}
