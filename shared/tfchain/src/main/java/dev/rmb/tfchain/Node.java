package dev.rmb.tfchain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.tfchain.rpc.Failures;
import dev.rmb.tfchain.rpc.RpcErrorException;
import dev.rmb.tfchain.rpc.RpcSettings;
import dev.rmb.tfchain.rpc.RpcSocket;
import dev.rmb.tfchain.scale.ScaleException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a node that is known to be of use: its runtime is understood, and it has told its
 * best block. Thread-safe; what it tells comes on threads of the HTTP client.
 */
final class Node implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Node.class);

    /** Metadata is large, and made anew by the node for each request. */
    private static final int METADATA_PATIENCE = 5;

    /**
     * A chain's blocks between two runtimes are many; more than one old runtime is rarely asked.
     */
    private static final int MAX_RUNTIMES = 8;

    /** As JSON-RPC numbers it. */
    private static final int NO_SUCH_METHOD = -32601;

    private final URI url;
    private final RpcSocket rpc;
    private final Duration answer;
    private final Map<Long, CompletableFuture<ChainRuntime>> runtimes = new ConcurrentHashMap<>();
    private final CompletableFuture<Long> firstHead = new CompletableFuture<>();
    private volatile LongConsumer heads = number -> {};
    private volatile long head;
    private volatile long headAt = System.nanoTime();
    private volatile @Nullable ChainRuntime runtime;
    private volatile String genesis = "";
    private volatile boolean oneByOne;

    /** What the node last said is its runtime's version; 0 before it did. */
    private volatile long announced;

    private Node(URI url, RpcSocket rpc, Duration answer) {
        this.url = url;
        this.rpc = rpc;
        this.answer = answer;
    }

    /** Connects and asks what must be known; fails if the node is of no use, or takes too long. */
    static CompletionStage<Node> open(HttpClient http, URI url, ChainSettings settings) {
        return RpcSocket.connect(http, url, new RpcSettings(settings.connect(), settings.answer()))
                .thenCompose(rpc -> {
                    var node = new Node(url, rpc, settings.answer());
                    return node.prepare()
                            .toCompletableFuture()
                            .orTimeout(settings.connect().toMillis(), TimeUnit.MILLISECONDS)
                            .whenComplete((ready, failure) -> {
                                if (failure != null) {
                                    node.close();
                                }
                            });
                });
    }

    private CompletionStage<Node> prepare() {
        return rpc.call("chain_getBlockHash", 0)
                .thenCompose(first -> {
                    genesis = Answers.hash(first);
                    return rpc.subscribe(this::upgraded, "state_subscribeRuntimeVersion");
                })
                .thenCompose(ignored -> refreshRuntime())
                // It may have changed while it was asked for.
                .thenCompose(now ->
                        announced == 0 || announced == now.specVersion()
                                ? CompletableFuture.completedStage(now)
                                : refreshRuntime())
                .thenCompose(ignored -> rpc.subscribe(this::newHead, "chain_subscribeNewHeads"))
                .thenCombine(firstHead, (ignored, number) -> this);
    }

    URI url() {
        return url;
    }

    RpcSocket rpc() {
        return rpc;
    }

    /** Hash of the chain's first block. */
    String genesis() {
        return genesis;
    }

    /** Of the best block. */
    ChainRuntime runtime() {
        ChainRuntime current = runtime;
        if (current == null) {
            throw new IllegalStateException("the node is not ready");
        }
        return current;
    }

    /** Number of the best block. */
    long head() {
        return head;
    }

    /** How long ago the best block changed. */
    Duration headAge() {
        return Duration.ofNanos(System.nanoTime() - headAt);
    }

    /** Tells of each best block from now on. */
    void onHead(LongConsumer consumer) {
        heads = consumer;
    }

    private void newHead(JsonNode header) {
        try {
            head = Answers.number(header);
        } catch (ScaleException e) {
            fail(e);
            return;
        }
        headAt = System.nanoTime();
        firstHead.complete(head);
        heads.accept(head);
    }

    private void upgraded(JsonNode version) {
        announced = version.path("specVersion").asLong();
        ChainRuntime before = runtime;
        if (before == null || before.specVersion() == announced) {
            return;
        }
        var unused =
                refreshRuntime()
                        .whenComplete((now, failure) -> {
                            if (failure != null) {
                                fail(failure);
                            } else {
                                log.info(
                                        "The chain's runtime is now {}, {} before",
                                        now.specVersion(),
                                        before.specVersion());
                            }
                        });
    }

    /** Learns the runtime of the best block anew. */
    CompletionStage<ChainRuntime> refreshRuntime() {
        return runtimeAt(null)
                .thenApply(now -> {
                    runtime = now;
                    return now;
                });
    }

    /**
     * The runtime in a block's state: the one that makes the blocks behind it.
     *
     * @param hash of the block; {@code null} for the best one
     */
    CompletionStage<ChainRuntime> runtimeAt(@Nullable String hash) {
        Object[] at = hash == null ? new Object[0] : new Object[] {hash};
        return rpc.call("state_getRuntimeVersion", at)
                .thenCompose(answered -> {
                    RuntimeVersion version = RuntimeVersion.of(answered);
                    CompletableFuture<ChainRuntime> known = runtimes.get(version.spec());
                    return known != null && !known.isCompletedExceptionally()
                            ? known
                            : load(version, at);
                });
    }

    private CompletionStage<ChainRuntime> load(RuntimeVersion version, Object... at) {
        if (runtimes.size() >= MAX_RUNTIMES) {
            runtimes.clear();
        }
        CompletableFuture<ChainRuntime> loading =
                rpc.callWithin(answer.multipliedBy(METADATA_PATIENCE), "state_getMetadata", at)
                        .thenApply(metadata -> ChainRuntime.of(version, Answers.bytes(metadata)))
                        .toCompletableFuture();
        runtimes.put(version.spec(), loading);
        return loading;
    }

    /**
     * Values of the best block.
     *
     * @param block its hash; {@code null} where the node does not tell
     * @param values in the order of their keys
     */
    record Stored(@Nullable String block, List<Optional<byte[]>> values) {}

    /** Reads values of the best block. */
    CompletionStage<Stored> storage(List<byte[]> keys) {
        List<String> texts = keys.stream().map(Answers::hex).toList();
        if (oneByOne) {
            return storageOneByOne(texts);
        }
        return rpc.call("state_queryStorageAt", texts)
                .thenApply(sets -> values(texts, sets))
                .exceptionallyCompose(failure -> {
                    Throwable cause = Failures.cause(failure);
                    if (cause instanceof RpcErrorException error
                            && error.code() == NO_SUCH_METHOD) {
                        oneByOne = true;
                        return storageOneByOne(texts);
                    }
                    return CompletableFuture.failedStage(cause);
                });
    }

    /** Some nodes do not let everybody ask for many values at once. */
    private CompletionStage<Stored> storageOneByOne(List<String> keys) {
        List<CompletableFuture<Optional<byte[]>>> asked =
                keys.stream()
                        .map(key ->
                                rpc.call("state_getStorage", key)
                                        .thenApply(Node::value)
                                        .toCompletableFuture())
                        .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        new Stored(null, asked.stream().map(CompletableFuture::join).toList()));
    }

    private static Optional<byte[]> value(JsonNode answer) {
        return answer.isNull() ? Optional.empty() : Optional.of(Answers.bytes(answer));
    }

    private static Stored values(List<String> keys, JsonNode sets) {
        if (!sets.isArray() || sets.isEmpty()) {
            throw new ScaleException("the node's answer is no set of stored values");
        }
        Map<String, JsonNode> byKey = new HashMap<>();
        for (JsonNode set : sets) {
            for (JsonNode change : set.path("changes")) {
                byKey.put(change.path(0).asText(), change.path(1));
            }
        }
        List<Optional<byte[]>> values = new ArrayList<>();
        for (String key : keys) {
            JsonNode value = byKey.get(key);
            if (value == null) {
                throw new ScaleException("the node left out a value that it was asked for");
            }
            values.add(value(value));
        }
        return new Stored(sets.path(sets.size() - 1).path("block").textValue(), values);
    }

    /** Reads one value in the state of a block. */
    CompletionStage<Optional<byte[]>> storageAt(byte[] key, String hash) {
        return rpc.call("state_getStorage", Answers.hex(key), hash).thenApply(Node::value);
    }

    /** Hashes of the best chain's blocks, the first and the last of these included. */
    CompletionStage<List<String>> hashes(long first, long last) {
        List<Long> numbers = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            numbers.add(number);
        }
        return rpc.call("chain_getBlockHash", numbers)
                .thenApply(answered -> {
                    if (!answered.isArray() || answered.size() != numbers.size()) {
                        throw new ScaleException("the node's answer is no list of hashes");
                    }
                    List<String> hashes = new ArrayList<>();
                    answered.forEach(hash -> hashes.add(Answers.hash(hash)));
                    return hashes;
                });
    }

    /** Ends it: whoever uses it goes to another. */
    void fail(Throwable why) {
        rpc.close(Failures.text(why));
    }

    @Override
    public void close() {
        rpc.close();
    }
}
