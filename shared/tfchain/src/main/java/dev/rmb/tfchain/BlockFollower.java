package dev.rmb.tfchain;

import dev.rmb.tfchain.rpc.Failures;
import dev.rmb.tfchain.rpc.RpcErrorException;
import dev.rmb.tfchain.scale.ScaleException;
import dev.rmb.tfchain.twin.TwinEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events of each best block, whichever node tells of it. It remembers the blocks that it
 * has read: those that are missing are caught up, and those that another branch replaced are taken
 * back. Of the chain's thread, all of it.
 */
final class BlockFollower {
    private static final Logger log = LoggerFactory.getLogger(BlockFollower.class);

    /** What is behind by more is not caught up. An hour of the public chain. */
    static final long MAX_GAP = 600;

    /** Reorganisations are a block or two deep; deeper ones are looked for only then. */
    private static final long USUAL_DEPTH = 8;

    /** A node that is behind what others said by more would answer look-ups with old twins. */
    private static final long MAX_BEHIND = 32;

    /** Blocks that look-ups came from and that are not read: a few, unless something is wrong. */
    private static final int MAX_UNREAD = 64;

    /** Blocks whose events are asked for at once. */
    private static final int WINDOW = 32;

    private final Executor loop;
    private final ChainListener listener;
    private final NavigableMap<Long, Block> read = new TreeMap<>();

    /** Blocks that were read from another node, and that the present one has not got yet. */
    private final NavigableMap<Long, Block> ahead = new TreeMap<>();

    /** Look-ups that were answered from blocks that are not read, by the blocks' hashes. */
    private final Map<String, LookedUp> unread = new HashMap<>();

    private @Nullable Node node;
    private @Nullable String undecodable;
    private boolean begun;
    private boolean busy;
    private boolean again;

    BlockFollower(Executor loop, ChainListener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /**
     * A block whose events were read.
     *
     * @param touched twins that it changed
     */
    private record Block(String hash, Set<Long> touched) {}

    /**
     * What was looked up in a block.
     *
     * @param head the best block's number then, as far as the node had told: this one's is at most
     *     one more
     */
    private record LookedUp(long head, Set<Long> twins) {}

    /**
     * Blocks to be read.
     *
     * @param hashes of the block before them, and theirs
     */
    private record Span(long first, List<String> hashes) {
        int size() {
            return hashes.size() - 1;
        }

        String parent(int index) {
            return hashes.get(index);
        }

        String hash(int index) {
            return hashes.get(index + 1);
        }
    }

    /**
     * A twin was looked up in the state of a block: it may be one that another replaces before its
     * events are read, and then nobody would take back what it said. On any thread; to be told
     * before anybody has the answer.
     */
    void lookedUp(long id, String block) {
        try {
            loop.execute(() -> remember(id, block));
        } catch (RejectedExecutionException e) {
            log.debug("The chain is closed: no block is read any more");
        }
    }

    private void remember(long id, String block) {
        if (isRead(block)) {
            return;
        }
        if (unread.size() >= MAX_UNREAD) {
            unread.clear();
            listener.missed();
        }
        Node now = node;
        unread.computeIfAbsent(
                        block, hash -> new LookedUp(now == null ? 0 : now.head(), new HashSet<>()))
                .twins()
                .add(id);
    }

    private boolean isRead(String hash) {
        return read.descendingMap().values().stream().anyMatch(block -> block.hash().equals(hash));
    }

    /** Takes back what was looked up in blocks that are not among those read of their height. */
    private void settle() {
        Set<Long> doubtful = new HashSet<>();
        unread.entrySet()
                .removeIf(entry -> {
                    if (isRead(entry.getKey())) {
                        return true;
                    }
                    boolean passed = read.lastKey() > entry.getValue().head();
                    if (passed) {
                        doubtful.addAll(entry.getValue().twins());
                    }
                    return passed;
                });
        if (!doubtful.isEmpty()) {
            listener.retracted(doubtful);
        }
    }

    void connected(Node connected) {
        node = connected;
        connected.onHead(number -> loop.execute(() -> head(connected)));
        head(connected);
    }

    void lost() {
        node = null;
        listener.following(false);
    }

    @SuppressWarnings("ReferenceEquality") // this very connection
    private void head(Node from) {
        if (node != from) {
            return;
        }
        if (busy) {
            again = true;
            return;
        }
        busy = true;
        again = false;
        var unused =
                catchUp(from, from.head())
                        .whenCompleteAsync((done, failure) -> finished(from, failure), loop);
    }

    @SuppressWarnings("ReferenceEquality") // this very connection
    private void finished(Node from, @Nullable Throwable failure) {
        busy = false;
        Node now = node;
        if (failure == null) {
            settle();
        }
        if (failure != null) {
            from.fail(failure);
        } else if (now == from) {
            listener.following(true);
        }
        if (now != null && (now != from || again)) {
            head(now);
        }
    }

    private CompletionStage<Boolean> catchUp(Node from, long head) {
        if (read.isEmpty()) {
            return restart(from, head);
        }
        long last = read.lastKey();
        if (head > last + MAX_GAP) {
            log.warn("{} blocks were missed: all twins are looked up anew", head - last);
            return restart(from, head);
        }
        long furthest = ahead.isEmpty() ? last : ahead.lastKey();
        if (head < furthest - MAX_BEHIND) {
            return CompletableFuture.failedStage(
                    ChainException.retryable(
                            "it is at block " + head + " and others at " + furthest, null));
        }
        long known = Math.min(last, head);
        return findCommon(from, known, Math.max(read.firstKey(), known - USUAL_DEPTH))
                .thenComposeAsync(
                        common -> {
                            if (common.isEmpty()) {
                                log.warn("A branch replaced all blocks that were read");
                                return restart(from, head);
                            }
                            return extend(from, common.get(), head);
                        },
                        loop);
    }

    /**
     * The last block that was read and is still in the node's best chain, as are all before it:
     * while a node is asked for its blocks another branch may become its best, and then those of
     * both were read one behind the other.
     */
    private CompletionStage<Optional<Long>> findCommon(Node from, long known, long lowest) {
        return from.hashes(lowest, known)
                .thenComposeAsync(
                        hashes -> {
                            long common = lowest - 1;
                            for (String hash : hashes) {
                                Block block = read.get(common + 1);
                                if (block == null || !block.hash().equals(hash)) {
                                    break;
                                }
                                common++;
                            }
                            if (common >= lowest) {
                                return CompletableFuture.completedStage(Optional.of(common));
                            }
                            return lowest <= read.firstKey()
                                    ? CompletableFuture.completedStage(Optional.empty())
                                    : findCommon(from, known, read.firstKey());
                        },
                        loop);
    }

    /** Begins with this block; nothing from before counts. */
    private CompletionStage<Boolean> restart(Node from, long head) {
        read.clear();
        ahead.clear();
        // Before the first node nothing could be known.
        if (begun) {
            listener.missed();
        }
        begun = true;
        long parent = Math.max(0, head - 1);
        return from.hashes(parent, head)
                .thenComposeAsync(
                        hashes -> readSpan(from, new Span(parent + 1, hashes), Set.of()), loop);
    }

    private CompletionStage<Boolean> extend(Node from, long common, long head) {
        Set<Long> retracted = new HashSet<>();
        NavigableMap<Long, Block> beyond = read.tailMap(common, false);
        if (common == head) {
            // It is behind, and nothing says that they are not of the chain any more. What is
            // looked up meanwhile is from before them: they are read once more.
            ahead.putAll(beyond);
            beyond.clear();
            return CompletableFuture.completedStage(true);
        }
        if (!beyond.isEmpty()) {
            beyond.values().forEach(block -> retracted.addAll(block.touched()));
            beyond.clear();
            retracted.addAll(giveUpAhead());
        }
        return from.hashes(common, head)
                .thenComposeAsync(
                        hashes -> readSpan(from, new Span(common + 1, hashes), retracted), loop)
                .whenComplete((done, failure) -> {
                    if (failure != null && !retracted.isEmpty()) {
                        // They are forgotten above; nobody else will tell.
                        loop.execute(() -> listener.retracted(retracted));
                    }
                });
    }

    private CompletionStage<Boolean> readSpan(Node from, Span span, Set<Long> retracted) {
        if (span.size() == 0) {
            // The chain's very first block, in which nothing happened.
            read.put(span.first() - 1, new Block(span.parent(0), Set.of()));
            return CompletableFuture.completedStage(true);
        }
        List<List<TwinEvent>> events = new ArrayList<>();
        return readFrom(from, span, 0, events)
                .handleAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                apply(span, events, retracted);
                                return CompletableFuture.completedStage(true);
                            }
                            return skipOrFail(span, failure);
                        },
                        loop)
                .thenCompose(stage -> stage);
    }

    /**
     * Old states may be gone from a node, and a block may hold what nobody here can decode: then
     * its events are given up, and with them what is known of any twin.
     */
    private CompletionStage<Boolean> skipOrFail(Span span, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        String last = span.hash(span.size() - 1);
        boolean gone = cause instanceof RpcErrorException && span.size() > 1;
        boolean twice = cause instanceof ScaleException && last.equals(undecodable);
        if (gone || twice) {
            log.warn(
                    "The events of {} blocks up to {} cannot be read ({}): all twins are looked"
                            + " up anew",
                    span.size(),
                    last,
                    Failures.text(cause));
            undecodable = null;
            read.clear();
            ahead.clear();
            listener.missed();
            read.put(span.first() + span.size() - 1, new Block(last, Set.of()));
            return CompletableFuture.completedStage(true);
        }
        if (cause instanceof ScaleException) {
            undecodable = last;
        }
        return CompletableFuture.<Boolean>failedStage(cause);
    }

    /** Reads the blocks from this one on, some at a time. */
    private CompletionStage<Boolean> readFrom(
            Node from, Span span, int start, List<List<TwinEvent>> events) {
        if (start >= span.size()) {
            return CompletableFuture.completedStage(true);
        }
        int end = Math.min(span.size(), start + WINDOW);
        // A block's events are those of the runtime in its parent's state. Where it is the same
        // for the first and the last of them, it is for all: runtimes do not come back.
        CompletionStage<ChainRuntime> first = from.runtimeAt(span.parent(start));
        return first.thenCombine(
                        from.runtimeAt(span.parent(end - 1)),
                        (one, other) -> one.specVersion() == other.specVersion())
                .thenCompose(same -> {
                    List<CompletableFuture<List<TwinEvent>>> asked = new ArrayList<>();
                    for (int i = start; i < end; i++) {
                        CompletionStage<ChainRuntime> runtime =
                                same ? first : from.runtimeAt(span.parent(i));
                        asked.add(events(from, runtime, span.hash(i)).toCompletableFuture());
                    }
                    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                            .thenApply(all -> asked.stream().map(CompletableFuture::join).toList());
                })
                .thenComposeAsync(
                        found -> {
                            events.addAll(found);
                            return readFrom(from, span, end, events);
                        },
                        loop);
    }

    private static CompletionStage<List<TwinEvent>> events(
            Node from, CompletionStage<ChainRuntime> runtime, String hash) {
        return runtime.thenCompose(one ->
                from.storageAt(one.twins().eventsKey(), hash)
                        .thenApply(stored ->
                                stored.map(events -> one.twins().events(events))
                                        .orElse(List.of())));
    }

    /** Another branch took the place of what is ahead; these twins it had changed. */
    private Set<Long> giveUpAhead() {
        Set<Long> touched = new HashSet<>();
        ahead.values().forEach(block -> touched.addAll(block.touched()));
        ahead.clear();
        return touched;
    }

    private void apply(Span span, List<List<TwinEvent>> events, Set<Long> retracted) {
        Set<Long> gone = new HashSet<>(retracted);
        Map<Long, TwinEvent> latest = new LinkedHashMap<>();
        Map<Long, Block> blocks = new HashMap<>();
        for (int i = 0; i < span.size(); i++) {
            Set<Long> touched = new HashSet<>();
            for (TwinEvent event : events.get(i)) {
                touched.add(event.id());
                latest.put(event.id(), event);
            }
            blocks.put(span.first() + i, new Block(span.hash(i), touched));
            Block before = ahead.get(span.first() + i);
            if (before != null && !before.hash().equals(span.hash(i))) {
                gone.addAll(giveUpAhead());
            }
            ahead.remove(span.first() + i);
        }
        // Their last word was heard before, and is read again.
        ahead.values().forEach(block -> latest.keySet().removeAll(block.touched()));
        read.putAll(blocks);
        while (read.size() > MAX_GAP) {
            read.pollFirstEntry();
        }
        gone.removeAll(latest.keySet());
        if (!gone.isEmpty()) {
            listener.retracted(gone);
        }
        if (!latest.isEmpty()) {
            listener.changed(List.copyOf(latest.values()));
        }
    }
}
