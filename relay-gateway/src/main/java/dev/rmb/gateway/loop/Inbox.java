package dev.rmb.gateway.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscChunkedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue into an event loop. Any thread puts; the loop takes what is there in one turn, so
 * that a wake-up is paid once for many items.
 *
 * @param <T> what is passed
 */
public final class Inbox<T> {
    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    private static final int INITIAL_CAPACITY = 64;

    /** So many items, and then the loop's sockets get their turn. */
    private static final int TURN = 4096;

    /**
     * Takes the items, on the loop.
     *
     * @param <T> what is passed
     */
    public interface Taker<T> {
        /** Called once for each item, in the order in which one thread put them. */
        void take(T item);

        /** Nothing more comes in this turn: the time to flush. */
        void turnEnded();
    }

    private final MpscChunkedArrayQueue<T> queue;
    private final Executor loop;
    private final Taker<T> taker;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable turn = this::turn;

    /**
     * @param capacity items, rounded up to a power of two
     * @param loop runs one task at a time
     */
    public Inbox(int capacity, Executor loop, Taker<T> taker) {
        this.queue =
                new MpscChunkedArrayQueue<>(
                        INITIAL_CAPACITY, Math.max(2 * INITIAL_CAPACITY, capacity));
        this.loop = loop;
        this.taker = taker;
    }

    /** Passes an item to the loop; {@code false} if the inbox is full. Never blocks. */
    public boolean put(T item) {
        if (!queue.offer(item)) {
            return false;
        }
        wake();
        return true;
    }

    /** Asks for a turn, even if there is no item. */
    public void wake() {
        // Looking first spares the others the write when many put at once.
        if (!woken.get() && woken.compareAndSet(false, true)) {
            try {
                loop.execute(turn);
            } catch (RejectedExecutionException e) {
                log.debug("A loop that has ended gets no more items");
            }
        }
    }

    /** How many items wait, about. */
    public int size() {
        return queue.size();
    }

    private void turn() {
        // Before taking: what is put from here on asks for the next turn.
        woken.set(false);
        for (int i = 0; i < TURN; i++) {
            T item = queue.poll();
            if (item == null) {
                break;
            }
            try {
                taker.take(item);
            } catch (RuntimeException e) {
                // A fault of ours; the other items are not to blame.
                log.error("An item could not be handled on its event loop", e);
            }
        }
        taker.turnEnded();
        if (!queue.isEmpty()) {
            wake();
        }
    }
}
