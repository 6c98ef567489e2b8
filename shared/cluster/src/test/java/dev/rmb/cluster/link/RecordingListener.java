package dev.rmb.cluster.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Remembers what a link's end was told. */
final class RecordingListener<S, R> implements LinkListener<S, R> {
    private final List<R> received = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger writable = new AtomicInteger();
    private volatile @Nullable Link<S> link;
    private volatile @Nullable Throwable cause;
    private volatile boolean overlapped;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public void opened(Link<S> opened) {
        link = opened;
    }

    @Override
    public void received(Link<S> from, R message) {
        if (inside.incrementAndGet() != 1) {
            overlapped = true;
        }
        try {
            if (!gate.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never opened the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (received) {
            received.add(message);
        }
        inside.decrementAndGet();
    }

    @Override
    public void writable(Link<S> which) {
        writable.incrementAndGet();
    }

    @Override
    public void closed(@Nullable Link<S> which, @Nullable Throwable why) {
        cause = why;
        closed.incrementAndGet();
    }

    void blockOn(CountDownLatch latch) {
        gate = latch;
    }

    Link<S> link() {
        return Objects.requireNonNull(link);
    }

    boolean wasOpened() {
        return link != null;
    }

    boolean overlapped() {
        return overlapped;
    }

    int closedCount() {
        return closed.get();
    }

    int timesWritable() {
        return writable.get();
    }

    @Nullable Throwable cause() {
        return cause;
    }

    List<R> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }
}
