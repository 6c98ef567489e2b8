package dev.rmb.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets things that are prepared at the same time be handled one after the other, for each key in
 * the order in which they were given. Thread-safe. Holds what is not handled yet, and is bounded by
 * whoever gives.
 */
final class InOrder<K> {
    private static final Logger LOG = LoggerFactory.getLogger(InOrder.class);

    private final ConcurrentMap<K, Lane> lanes = new ConcurrentHashMap<>();

    /** What waits for one key. Changes under its own lock. */
    private static final class Lane {
        final Queue<Entry> entries = new ArrayDeque<>();
        boolean handling;

        synchronized void add(Entry entry) {
            entries.add(entry);
        }

        /** Whoever still handles its last does so before what comes next. */
        synchronized boolean isEmpty() {
            return entries.isEmpty() && !handling;
        }

        /** The first, if it is ready and no other is being handled. */
        synchronized @Nullable Runnable start() {
            Entry first = entries.peek();
            if (handling || first == null || first.ready == null) {
                return null;
            }
            handling = true;
            entries.remove();
            return first.ready;
        }

        synchronized void ended() {
            handling = false;
        }
    }

    private static final class Entry {
        volatile @Nullable Runnable ready;
    }

    /**
     * Handles a result, or a failure, once all that was given before for this key was handled.
     *
     * @param handler called on the thread that completes what it waited for
     */
    <T> void then(
            K key,
            CompletionStage<T> prepared,
            BiConsumer<@Nullable T, @Nullable Throwable> handler) {
        var entry = new Entry();
        Lane lane =
                lanes.compute(
                        key,
                        (same, present) -> {
                            Lane its = present == null ? new Lane() : present;
                            its.add(entry);
                            return its;
                        });
        var unused =
                prepared.whenComplete((result, failure) -> {
                    entry.ready = () -> handler.accept(result, failure);
                    handle(key, lane);
                });
    }

    /** A loop, as a long queue would overflow the stack of whoever completes its first. */
    private void handle(K key, Lane lane) {
        for (Runnable next = lane.start(); next != null; next = lane.start()) {
            try {
                next.run();
            } catch (Throwable e) {
                // What is behind it must not wait for the next that completes.
                LOG.error("A message could not be handled", e);
            } finally {
                lane.ended();
            }
        }
        lanes.computeIfPresent(
                key, (same, present) -> present == lane && lane.isEmpty() ? null : present);
    }

    /** How many keys wait. */
    int size() {
        return lanes.size();
    }
}
