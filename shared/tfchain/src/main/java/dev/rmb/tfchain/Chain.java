package dev.rmb.tfchain;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.tfchain.extrinsic.Outcome;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.twin.ChainTwin;
import dev.rmb.tfchain.twin.TwinEvent;
import dev.rmb.tfchain.twin.TwinLayout;
import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chain, through one of its nodes. Thread-safe, and no method blocks but {@link #close}. Stages
 * fail with a {@link ChainException}.
 */
public final class Chain implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Chain.class);
    private static final int HTTP_THREADS = 2;
    private static final long CLOSE_MS = 2_000;

    private final ScheduledExecutorService loop;
    private final ExecutorService httpThreads;
    private final HttpClient http;
    private final Nodes nodes;
    private final TwinQueries queries;
    private final Submissions submissions;
    private final BlockFollower follower;
    private final List<ChainListener> listeners = new CopyOnWriteArrayList<>();

    private Chain(ChainSettings settings) {
        var timer = new ScheduledThreadPoolExecutor(1, threads("tfchain"));
        // What waits for its time does not hold up the end.
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
        this.loop = timer;
        this.httpThreads = Executors.newFixedThreadPool(HTTP_THREADS, threads("tfchain-http"));
        this.http =
                HttpClient.newBuilder()
                        .executor(httpThreads)
                        .connectTimeout(settings.connect())
                        .build();
        this.follower = new BlockFollower(loop, new Listeners());
        this.nodes = new Nodes(settings, http, loop, new Connections());
        this.queries = new TwinQueries(nodes, settings, loop);
        this.submissions = new Submissions(nodes, loop);
    }

    private static ThreadFactory threads(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Begins to connect; a chain that cannot be reached is tried again until it can.
     *
     * @param listener of changes, from the first connection on; {@code null} for none
     */
    public static Chain start(ChainSettings settings, @Nullable ChainListener listener) {
        var chain = new Chain(settings);
        if (listener != null) {
            chain.listeners.add(listener);
        }
        chain.loop.execute(chain.nodes::start);
        long tick = settings.keepAlive().toMillis();
        var unused =
                chain.loop.scheduleWithFixedDelay(
                        chain.nodes::tick, tick, tick, TimeUnit.MILLISECONDS);
        return chain;
    }

    private final class Connections implements Nodes.Listener {
        @Override
        public void connected(Node node) {
            follower.connected(node);
        }

        @Override
        public void lost() {
            follower.lost();
        }
    }

    private final class Listeners implements ChainListener {
        @Override
        public void changed(List<TwinEvent> events) {
            listeners.forEach(listener -> listener.changed(events));
        }

        @Override
        public void retracted(Set<Long> ids) {
            listeners.forEach(listener -> listener.retracted(ids));
        }

        @Override
        public void missed() {
            listeners.forEach(ChainListener::missed);
        }

        @Override
        public void following(boolean following) {
            listeners.forEach(listener -> listener.following(following));
        }
    }

    /** Looks a twin up in the best block. */
    public CompletionStage<Optional<ChainTwin>> twin(long id) {
        return queries.ask(
                layout -> layout.twinKey(id),
                (layout, stored) -> {
                    ChainTwin twin = layout.twin(stored);
                    if (twin.id() != id) {
                        throw new ScaleException(
                                "the node answered twin " + twin.id() + " for " + id);
                    }
                    return twin;
                },
                block -> follower.lookedUp(id, block));
    }

    /** Looks the id of an account's twin up in the best block. */
    public CompletionStage<Optional<Long>> twinId(AccountId account) {
        return queries.ask(layout -> layout.idKey(account), TwinLayout::id, block -> {})
                .thenApply(id -> id.filter(found -> found != 0));
    }

    /** Looks an account's twin up in the best block. */
    public CompletionStage<Optional<ChainTwin>> twin(AccountId account) {
        return twinId(account)
                .thenCompose(id ->
                        id.isPresent()
                                ? twin(id.get())
                                : CompletableFuture.completedStage(Optional.empty()));
    }

    /**
     * Registers a twin for an account that has none. Completes when it is in a block, or will not
     * be; fails if that cannot be known, and then it may still come into one.
     *
     * @param relay domains joined by {@code _}; {@code null} for none
     * @param pk key for end-to-end encryption; {@code null} for none
     */
    public CompletionStage<Outcome> createTwin(
            Signer signer, @Nullable String relay, byte @Nullable [] pk) {
        byte[] key = pk == null ? null : pk.clone();
        return submit(signer, layout -> layout.createCall(relay, key));
    }

    /** Sets relay and key of an account's twin. As {@link #createTwin}. */
    public CompletionStage<Outcome> updateTwin(
            Signer signer, @Nullable String relay, byte @Nullable [] pk) {
        byte[] key = pk == null ? null : pk.clone();
        return submit(signer, layout -> layout.updateCall(relay, key));
    }

    private CompletionStage<Outcome> submit(Signer signer, Submissions.Call call) {
        var begun = new CompletableFuture<CompletionStage<Outcome>>();
        try {
            loop.execute(() -> begun.complete(submissions.submit(signer, call)));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(
                    ChainException.retryable("the connection to the chain is closed", e));
        }
        return begun.thenCompose(outcome -> outcome);
    }

    /** Ends the connection; what is asked then fails. */
    @Override
    public void close() {
        try {
            loop.execute(() -> {
                nodes.close();
                loop.shutdown();
            });
            if (!loop.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                loop.shutdownNow();
            }
        } catch (RejectedExecutionException e) {
            log.debug("The chain is closed already");
        } catch (InterruptedException e) {
            loop.shutdownNow();
            Thread.currentThread().interrupt();
        }
        stopHttp();
        httpThreads.shutdownNow();
    }

    /** What the JDK's HTTP client got after Java 17; until then its thread ends as garbage. */
    private void stopHttp() {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(http);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            log.debug("The HTTP client stays until it is collected");
        }
    }
}
