package dev.rmb.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets things that are prepared at the same time be handled one after the other, for each key in
 * the order in which they were given. Thread-safe. Holds what is not handled yet, and is bounded by
 * whoever gives.
 */
final class InOrder<K> {
    private final ConcurrentMap<K, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /**
     * Handles a result, or a failure, once all that was given before for this key was handled.
     *
     * @param handler called on the thread that completes what it waited for; must not throw
     */
    <T> void then(
            K key,
            CompletionStage<T> prepared,
            BiConsumer<@Nullable T, @Nullable Throwable> handler) {
        var handled = new CompletableFuture<Void>();
        CompletableFuture<Void> before = last.put(key, handled);
        CompletionStage<T> turn = before == null ? prepared : before.thenCompose(ended -> prepared);
        var unused =
                turn.whenComplete((result, failure) -> {
                    handler.accept(result, failure);
                    last.remove(key, handled);
                    handled.complete(null);
                });
    }

    /** How many keys wait. */
    int size() {
        return last.size();
    }
}
