package dev.rmb.router.dispatch;

/** How much memory the messages of all partitions of a router take, and may take. */
public interface SharedMemory {
    boolean isFull();

    /** That many bytes more are held; fewer if negative. */
    void take(long bytes);
}
