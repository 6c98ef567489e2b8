package dev.rmb.tfchain;

import dev.rmb.tfchain.rpc.Failures;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one node in use. When it fails the next is tried at once; when all have failed one after
 * the other there is a pause, random and ever longer. Of the chain's thread, all of it.
 */
final class Nodes {
    private static final Logger log = LoggerFactory.getLogger(Nodes.class);

    /** A node that lasted so long was good, whatever ended it. */
    private static final Duration GOOD = Duration.ofSeconds(10);

    private static final int MAX_DOUBLINGS = 20;

    private final ChainSettings settings;
    private final HttpClient http;
    private final ScheduledExecutorService loop;
    private final Listener listener;
    private final int distinctUrls;
    private final List<CompletableFuture<Node>> waiting = new ArrayList<>();
    private int next;

    /** Since a connection lasted: what the pauses grow with. */
    private int failures;

    /** Why connections could not be made, since the last one that was. */
    private final Map<URI, String> refusals = new LinkedHashMap<>();

    private @Nullable Node current;
    private @Nullable String genesis;

    /** Why no node could be used, once all were tried. */
    private @Nullable String down;

    private boolean closed;

    interface Listener {
        void connected(Node node);

        void lost();
    }

    Nodes(
            ChainSettings settings,
            HttpClient http,
            ScheduledExecutorService loop,
            Listener listener) {
        this.settings = settings;
        this.http = http;
        this.loop = loop;
        this.listener = listener;
        this.distinctUrls = Set.copyOf(settings.urls()).size();
    }

    void start() {
        connect();
    }

    /**
     * The node in use. Waits for the first, and for the next while there are some untried; fails
     * with a {@link ChainException} at once while none can be reached.
     */
    CompletionStage<Node> node() {
        Node now = current;
        if (now != null) {
            return CompletableFuture.completedStage(now);
        }
        String why = down;
        if (closed || why != null) {
            return CompletableFuture.failedStage(unreachable(why));
        }
        var waiter = new CompletableFuture<Node>();
        waiting.add(waiter);
        return waiter;
    }

    private static ChainException unreachable(@Nullable String why) {
        return ChainException.retryable(
                "no node of the chain can be used: " + (why == null ? "closed" : why), null);
    }

    private void connect() {
        if (closed) {
            return;
        }
        URI url = settings.urls().get(next);
        next = (next + 1) % settings.urls().size();
        var unused =
                Node.open(http, url, settings)
                        .whenCompleteAsync(
                                (node, failure) -> {
                                    if (failure != null) {
                                        refused(url, Failures.text(failure));
                                    } else {
                                        opened(node);
                                    }
                                },
                                loop);
    }

    private void opened(Node node) {
        if (closed) {
            node.close();
            return;
        }
        if (genesis != null && !genesis.equals(node.genesis())) {
            node.close();
            refused(node.url(), "it is of another chain, with the first block " + node.genesis());
            return;
        }
        genesis = node.genesis();
        log.info(
                "Connected to {}, block {}, runtime {}",
                node.url(),
                node.head(),
                node.runtime().specVersion());
        current = node;
        down = null;
        refusals.clear();
        var unused = node.rpc().ended().whenCompleteAsync((why, failure) -> ended(node, why), loop);
        var unusedEither =
                loop.schedule(() -> lasted(node), GOOD.toMillis(), TimeUnit.MILLISECONDS);
        listener.connected(node);
        List<CompletableFuture<Node>> served = List.copyOf(waiting);
        waiting.clear();
        served.forEach(waiter -> waiter.complete(node));
    }

    @SuppressWarnings("ReferenceEquality") // this very connection
    private void lasted(Node node) {
        if (current == node) {
            failures = 0;
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very connection
    private void ended(Node node, String why) {
        if (current == node) {
            current = null;
            listener.lost();
            failed(node.url(), why);
        }
    }

    /** A connection could not be made. When none could, nobody needs to wait for the next. */
    private void refused(URI url, String why) {
        refusals.put(url, why);
        if (refusals.size() >= distinctUrls && down == null) {
            log.warn("No node of the chain can be used; trying again");
        }
        if (refusals.size() >= distinctUrls) {
            String all =
                    refusals.entrySet().stream()
                            .map(one -> one.getKey() + ": " + one.getValue())
                            .collect(Collectors.joining("; "));
            down = all;
            List<CompletableFuture<Node>> told = List.copyOf(waiting);
            waiting.clear();
            told.forEach(waiter -> waiter.completeExceptionally(unreachable(all)));
        }
        failed(url, why);
    }

    private void failed(URI url, String why) {
        if (closed) {
            return;
        }
        failures++;
        if (failures <= settings.urls().size()) {
            log.warn("The node {} is of no use: {}", url, why);
        } else {
            log.debug("The node {} is of no use: {}", url, why);
        }
        var unused = loop.schedule(this::connect, pause(), TimeUnit.MILLISECONDS);
    }

    private long pause() {
        int rounds = failures - settings.urls().size();
        if (rounds < 0) {
            return 0;
        }
        long limit =
                Math.min(
                        settings.firstWait().toMillis() << Math.min(rounds, MAX_DOUBLINGS),
                        settings.longestWait().toMillis());
        return ThreadLocalRandom.current().nextLong(limit / 2, limit + 1);
    }

    /** Looks after the connection; to be called from time to time. */
    void tick() {
        Node now = current;
        if (now == null) {
            return;
        }
        if (now.headAge().compareTo(settings.silence()) > 0) {
            now.fail(
                    ChainException.retryable(
                            "it has had no new block for " + now.headAge().toSeconds() + " s",
                            null));
            return;
        }
        now.rpc().keepAlive(settings.keepAlive().multipliedBy(2));
    }

    void close() {
        closed = true;
        Node now = current;
        current = null;
        if (now != null) {
            now.close();
        }
        List<CompletableFuture<Node>> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(waiter -> waiter.completeExceptionally(unreachable(null)));
    }
}
