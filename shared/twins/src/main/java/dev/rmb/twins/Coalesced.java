package dev.rmb.twins;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Look-ups under way, one for each key however many ask. What is heard of a key meanwhile is newer
 * than the answer that was asked for before. Thread-safe.
 */
final class Coalesced<K, V> {
    private final ConcurrentMap<K, UnderWay<V>> underWay = new ConcurrentHashMap<>();
    private final Function<K, CompletionStage<Optional<V>>> source;
    private final BiConsumer<K, Optional<V>> keep;

    /**
     * @param source where to ask
     * @param keep takes the answer, unless it may be out of date; holds up what is {@link #heard}
     *     of this key
     */
    Coalesced(Function<K, CompletionStage<Optional<V>>> source, BiConsumer<K, Optional<V>> keep) {
        this.source = source;
        this.keep = keep;
    }

    /** One look-up. Its state changes under the map's lock of its key. */
    private static final class UnderWay<V> {
        final CompletableFuture<Optional<V>> answer = new CompletableFuture<>();
        Optional<V> newer = Optional.empty();
        boolean isNewer;
        boolean doubtful;
    }

    /** Asks, or waits for who asks already. */
    CompletionStage<Optional<V>> ask(K key) {
        var mine = new UnderWay<V>();
        UnderWay<V> other = underWay.putIfAbsent(key, mine);
        if (other != null) {
            return other.answer.minimalCompletionStage();
        }
        try {
            var unused =
                    source.apply(key)
                            .whenComplete((found, failure) -> {
                                if (failure != null) {
                                    failed(key, failure);
                                } else {
                                    found(key, found);
                                }
                            });
        } catch (RuntimeException e) {
            failed(key, e);
        }
        return mine.answer.minimalCompletionStage();
    }

    private void found(K key, Optional<V> found) {
        end(key, mine -> mine.isNewer ? mine.newer : found);
    }

    private void failed(K key, Throwable failure) {
        end(
                key,
                mine -> {
                    if (mine.isNewer) {
                        return mine.newer;
                    }
                    throw new CompletionException(failure);
                });
    }

    private void end(K key, Function<UnderWay<V>, Optional<V>> result) {
        List<Runnable> answers = new ArrayList<>();
        underWay.computeIfPresent(
                key,
                (same, mine) -> {
                    try {
                        Optional<V> answer = result.apply(mine);
                        if (!mine.doubtful) {
                            keep.accept(same, answer);
                        }
                        answers.add(() -> mine.answer.complete(answer));
                    } catch (CompletionException e) {
                        answers.add(() -> mine.answer.completeExceptionally(Causes.of(e)));
                    }
                    return null;
                });
        // Outside the map's lock: whoever waits may ask for another one at once.
        answers.forEach(Runnable::run);
    }

    /** Something newer is known than what is asked for at present. */
    void heard(K key, Optional<V> newer) {
        underWay.computeIfPresent(
                key,
                (same, mine) -> {
                    mine.newer = newer;
                    mine.isNewer = true;
                    mine.doubtful = false;
                    return mine;
                });
    }

    /** What is asked for at present may be out of date when it comes. */
    void doubt(K key) {
        underWay.computeIfPresent(
                key,
                (same, mine) -> {
                    mine.isNewer = false;
                    mine.doubtful = true;
                    return mine;
                });
    }

    /** All that is asked for at present may be. */
    void doubtAll() {
        underWay.keySet().forEach(this::doubt);
    }

    int size() {
        return underWay.size();
    }
}
