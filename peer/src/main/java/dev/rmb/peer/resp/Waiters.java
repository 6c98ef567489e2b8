package dev.rmb.peer.resp;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who waits for something to come onto which lists; served in the order in which they came. */
final class Waiters {
    private final Map<ByteBuffer, LinkedHashSet<Waiter>> byKey = new HashMap<>();
    private long count;

    /** Takes what came; called once at most. */
    interface Taker {
        /** {@code null} if the time is over. */
        void took(byte @Nullable [] key, byte @Nullable [] element);
    }

    /** One who waits, compared by identity. */
    static final class Waiter {
        private final List<byte[]> keys;
        private final boolean left;
        private final Taker taker;

        Waiter(List<byte[]> keys, boolean left, Taker taker) {
            this.keys = List.copyOf(keys);
            this.left = left;
            this.taker = taker;
        }

        boolean left() {
            return left;
        }

        Taker taker() {
            return taker;
        }
    }

    void add(Waiter waiter) {
        count++;
        for (byte[] key : waiter.keys) {
            byKey.computeIfAbsent(ByteBuffer.wrap(key), absent -> new LinkedHashSet<>())
                    .add(waiter);
        }
    }

    /** Whether it still waited. */
    boolean remove(Waiter waiter) {
        boolean found = false;
        for (byte[] key : waiter.keys) {
            ByteBuffer name = ByteBuffer.wrap(key);
            LinkedHashSet<Waiter> waiting = byKey.get(name);
            if (waiting != null) {
                found |= waiting.remove(waiter);
                if (waiting.isEmpty()) {
                    byKey.remove(name);
                }
            }
        }
        if (found) {
            count--;
        }
        return found;
    }

    /** The longest waiting for a list. */
    @Nullable Waiter first(byte[] key) {
        LinkedHashSet<Waiter> waiting = byKey.get(ByteBuffer.wrap(key));
        return waiting == null ? null : waiting.getFirst();
    }

    long count() {
        return count;
    }
}
