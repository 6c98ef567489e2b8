package dev.rmb.gateway.session;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many coarse timers at the price of one: sessions that want to be looked at again some ticks from
 * now. Not thread-safe.
 */
final class Wheel {
    private static final int SLOTS = 64;

    /**
     * Something on the wheel, in one place at a time. It links itself, so that leaving costs
     * nothing and what has left is not kept alive.
     */
    abstract static class Spoke {
        private @Nullable Spoke before;
        private @Nullable Spoke after;
        private int slot = -1;
    }

    private final @Nullable Spoke[] firsts = new @Nullable Spoke[SLOTS];
    private final long tickMs;
    private int now;

    /**
     * @param tickMs how often {@link #tick} is called
     */
    Wheel(long tickMs) {
        this.tickMs = tickMs;
    }

    /** Puts it where it comes up in {@code inMs}; sooner if that is more than a turn away. */
    void put(Spoke spoke, long inMs) {
        remove(spoke);
        int ticks = Math.clamp(Math.ceilDiv(inMs, tickMs), 1, SLOTS - 1);
        int slot = (now + ticks) % SLOTS;
        Spoke first = firsts[slot];
        if (first != null) {
            first.before = spoke;
        }
        spoke.after = first;
        spoke.slot = slot;
        firsts[slot] = spoke;
    }

    /** Takes it off; does nothing if it is not on. */
    void remove(Spoke spoke) {
        if (spoke.slot < 0) {
            return;
        }
        if (spoke.before != null) {
            spoke.before.after = spoke.after;
        } else {
            firsts[spoke.slot] = spoke.after;
        }
        if (spoke.after != null) {
            spoke.after.before = spoke.before;
        }
        spoke.before = null;
        spoke.after = null;
        spoke.slot = -1;
    }

    /** Moves on by a tick and takes off what comes up; the visitor may put it back. */
    void tick(Consumer<Spoke> visitor) {
        now = (now + 1) % SLOTS;
        Spoke spoke;
        // None is put back into this slot: the nearest place is the next one.
        while ((spoke = firsts[now]) != null) {
            remove(spoke);
            visitor.accept(spoke);
        }
    }
}
