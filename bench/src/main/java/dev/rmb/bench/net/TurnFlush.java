package dev.rmb.bench.net;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes what was written during one turn of an event loop at the end of that turn, so that many
 * messages for a connection cost one system call. Belongs to its event loop's thread.
 */
public final class TurnFlush {
    /** Something with output that waits for the end of the turn. */
    @FunctionalInterface
    public interface Flushable {
        /** Called once for each time it was {@linkplain TurnFlush#add added}. */
        void flush();
    }

    private final SingleThreadEventLoop loop;
    private final Runnable flushAll = this::flushAll;
    private List<Flushable> waiting = new ArrayList<>();
    private List<Flushable> spare = new ArrayList<>();

    /**
     * For one event loop.
     *
     * @param loop of one of {@link Transport}'s groups
     */
    public TurnFlush(EventLoop loop) {
        this.loop = (SingleThreadEventLoop) loop;
    }

    /** Flushes {@code flushable} at the end of this turn. The caller adds it once per turn. */
    public void add(Flushable flushable) {
        if (waiting.isEmpty()) {
            loop.executeAfterEventLoopIteration(flushAll);
        }
        waiting.add(flushable);
    }

    private void flushAll() {
        // Flushing can make a channel writable, which can add again: that is for the next turn.
        List<Flushable> now = waiting;
        waiting = spare;
        for (Flushable flushable : now) {
            flushable.flush();
        }
        now.clear();
        spare = now;
    }
}
