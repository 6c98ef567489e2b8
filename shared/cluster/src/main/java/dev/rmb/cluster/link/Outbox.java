package dev.rmb.cluster.link;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on a link: any thread adds, one at a time takes. Bounded by weight: {@link
 * #LOW} and {@link #HIGH} make the link unwritable and writable again, and past {@link #LIMIT} the
 * link is beyond saving, because its writers did not heed that.
 *
 * <p>Turns are taken so: the adder that gets {@code true} from {@link #add} must see to it that
 * somebody drains, and a drainer goes on until {@link #finished} says that it may stop.
 */
final class Outbox<S> {
    /** Bytes, about, at which a link that was unwritable becomes writable again. */
    static final long LOW = 2 << 20;

    /** Bytes at which a link becomes unwritable. */
    static final long HIGH = 8 << 20;

    /** Bytes at which a link is closed: windows in flight on many sessions fit well below it. */
    static final long LIMIT = 256L << 20;

    private final MpscUnboundedArrayQueue<S> queue = new MpscUnboundedArrayQueue<>(1024);
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicLong weight = new AtomicLong();
    private volatile boolean unwritable;

    /** Returns whether the caller has to start a drainer. */
    boolean add(S message) {
        if (weight.addAndGet(LinkCodec.weigh(message)) > HIGH) {
            unwritable = true;
        }
        queue.offer(message);
        return signal();
    }

    /** Asks for another look at the queue; returns whether the caller has to start a drainer. */
    boolean signal() {
        return turns.getAndIncrement() == 0;
    }

    /** How many signals a drainer has seen; to be given to {@link #finished}. */
    int turns() {
        return turns.get();
    }

    /** Whether the drainer that saw so many signals may stop: nobody signalled since. */
    boolean finished(int seen) {
        return turns.addAndGet(-seen) == 0;
    }

    @Nullable S poll() {
        S message = queue.poll();
        if (message != null) {
            weight.addAndGet(-LinkCodec.weigh(message));
        }
        return message;
    }

    /** Whether the link just became writable again: true once for each time it stopped being so. */
    boolean turnedWritable() {
        if (unwritable && weight.get() < LOW) {
            unwritable = false;
            return true;
        }
        return false;
    }

    boolean isWritable() {
        return !unwritable;
    }

    boolean isOverfull() {
        return weight.get() > LIMIT;
    }
}
