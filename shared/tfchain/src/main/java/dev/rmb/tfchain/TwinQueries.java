package dev.rmb.tfchain;

import dev.rmb.tfchain.rpc.Failures;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.twin.TwinLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks things up in the best block, many with one request: what is asked for while requests are on
 * their way goes together with the next. A look-up that a node does not answer goes to the next.
 */
final class TwinQueries {
    /** More keys make no request noticeably cheaper. */
    private static final int BATCH = 128;

    /** Requests under way. */
    private static final int MAX_REQUESTS = 4;

    /** Look-ups under way and waiting. */
    private static final int MAX_WAITING = 20_000;

    private static final int ATTEMPTS = 4;

    private final Nodes nodes;
    private final ChainSettings settings;
    private final Executor loop;
    private final AtomicInteger waiting = new AtomicInteger();

    // Of the chain's thread.
    private final Deque<Query<?>> queue = new ArrayDeque<>();
    private int requests;

    TwinQueries(Nodes nodes, ChainSettings settings, Executor loop) {
        this.nodes = nodes;
        this.settings = settings;
        this.loop = loop;
    }

    /** A look-up; the layout of the runtime at hand tells where it is and how it is read. */
    private static final class Query<T> {
        private final Function<TwinLayout, byte[]> key;
        private final BiFunction<TwinLayout, byte[], T> decoder;
        private final CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
        private final Consumer<String> answeredFrom;
        private int attempts;

        Query(
                Function<TwinLayout, byte[]> key,
                BiFunction<TwinLayout, byte[], T> decoder,
                Consumer<String> answeredFrom) {
            this.key = key;
            this.decoder = decoder;
            this.answeredFrom = answeredFrom;
        }

        void answer(TwinLayout layout, Optional<byte[]> stored, @Nullable String block) {
            Optional<T> decoded = stored.map(bytes -> decoder.apply(layout, bytes));
            if (block != null) {
                answeredFrom.accept(block);
            }
            answer.complete(decoded);
        }
    }

    /**
     * Looks one thing up. On any thread; fails with a {@link ChainException}.
     *
     * @param answeredFrom hears the hash of the block that the answer is of, where the node tells
     *     it, before anybody has the answer; on any thread
     */
    <T> CompletionStage<Optional<T>> ask(
            Function<TwinLayout, byte[]> key,
            BiFunction<TwinLayout, byte[], T> decoder,
            Consumer<String> answeredFrom) {
        var query = new Query<>(key, decoder, answeredFrom);
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedStage(
                    ChainException.retryable("more than " + MAX_WAITING + " look-ups wait", null));
        }
        CompletableFuture<Optional<T>> answer =
                query.answer
                        .orTimeout(settings.patience().toMillis(), TimeUnit.MILLISECONDS)
                        .handle((found, failure) -> {
                            waiting.decrementAndGet();
                            if (failure == null) {
                                return found;
                            }
                            throw translate(failure);
                        });
        try {
            loop.execute(() -> {
                queue.add(query);
                drain();
            });
        } catch (RejectedExecutionException e) {
            query.answer.completeExceptionally(
                    ChainException.retryable("the connection to the chain is closed", e));
        }
        return answer;
    }

    private ChainException translate(Throwable failure) {
        return Failures.cause(failure) instanceof ChainException known
                ? known
                : ChainException.retryable(
                        "the chain did not answer within "
                                + settings.patience().toMillis()
                                + " ms: "
                                + Failures.text(failure),
                        failure);
    }

    private void drain() {
        while (requests < MAX_REQUESTS && !queue.isEmpty()) {
            List<Query<?>> batch = new ArrayList<>();
            while (batch.size() < BATCH && !queue.isEmpty()) {
                Query<?> query = queue.remove();
                if (!query.answer.isDone()) {
                    batch.add(query);
                }
            }
            if (!batch.isEmpty()) {
                requests++;
                var unused =
                        nodes.node()
                                .thenCompose(node -> ask(node, batch))
                                .whenCompleteAsync(
                                        (done, failure) -> {
                                            requests--;
                                            if (failure != null) {
                                                retry(batch, failure);
                                            }
                                            drain();
                                        },
                                        loop);
            }
        }
    }

    private static CompletionStage<Boolean> ask(Node node, List<Query<?>> batch) {
        TwinLayout layout = node.runtime().twins();
        List<byte[]> keys = batch.stream().map(query -> query.key.apply(layout)).toList();
        return node.storage(keys)
                .thenAccept(stored -> answer(layout, batch, stored))
                .handle((done, failure) ->
                        failure == null
                                ? CompletableFuture.completedStage(true)
                                : blame(node, Failures.cause(failure)))
                .thenCompose(stage -> stage);
    }

    /** One value that cannot be read is no reason to keep the others back. */
    private static void answer(TwinLayout layout, List<Query<?>> batch, Node.Stored stored) {
        ScaleException unreadable = null;
        for (int i = 0; i < batch.size(); i++) {
            try {
                batch.get(i).answer(layout, stored.values().get(i), stored.block());
            } catch (ScaleException e) {
                unreadable = e;
            }
        }
        if (unreadable != null) {
            throw unreadable;
        }
    }

    /**
     * What does not fit the runtime may be of the next one, which is learnt then; else the node is
     * of no use. Fails in any case.
     */
    private static CompletionStage<Boolean> blame(Node node, Throwable cause) {
        if (!(cause instanceof ScaleException unreadable)) {
            node.fail(cause);
            return CompletableFuture.failedStage(cause);
        }
        long before = node.runtime().specVersion();
        return node.refreshRuntime()
                .<Boolean>handle((now, failure) -> {
                    if (failure != null || now.specVersion() == before) {
                        node.fail(cause);
                    }
                    throw unreadable;
                });
    }

    private void retry(List<Query<?>> batch, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        for (Query<?> query : batch) {
            if (query.answer.isDone()) {
                continue;
            }
            query.attempts++;
            if (cause instanceof ChainException || query.attempts >= ATTEMPTS) {
                query.answer.completeExceptionally(
                        cause instanceof ChainException
                                ? cause
                                : ChainException.retryable(
                                        "the chain could not be asked: " + Failures.text(cause),
                                        cause));
            } else {
                queue.addFirst(query);
            }
        }
    }
}
