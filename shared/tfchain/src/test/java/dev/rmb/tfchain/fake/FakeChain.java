package dev.rmb.tfchain.fake;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.tfchain.scale.ScaleWriter;
import dev.rmb.tfchain.twin.ChainTwin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A chain of blocks that a test makes, one after the other, served by any number of {@link
 * FakeNode}s. Thread-safe.
 */
public final class FakeChain {
    private static final String NO_PARENT = "0x" + "00".repeat(32);

    /** What is final lies so far behind. */
    private static final int FINALITY = 3;

    private final Map<String, FakeBlock> blocks = new HashMap<>();
    private final List<FakeBlock> best = new ArrayList<>();
    private final Map<AccountId, Long> nonces = new HashMap<>();
    private final List<Consumer<FakeBlock>> watchers = new CopyOnWriteArrayList<>();
    private long salt;
    private boolean mining = true;
    private boolean finalising = true;
    private final Map<String, FakeExtrinsic> pool = new LinkedHashMap<>();

    public FakeChain() {
        this(FakeRuntime.original());
    }

    public FakeChain(FakeRuntime runtime) {
        append(new FakeBlock(0, NO_PARENT, salt++, Map.of(), List.of(), runtime));
    }

    /** What goes into a block. */
    public final class Draft {
        private final Map<String, String> state;
        private final List<String> extrinsics = new ArrayList<>();
        private final List<byte[]> events = new ArrayList<>();
        private final FakeTwins twins;
        private FakeRuntime runtime;

        private Draft(FakeBlock parent) {
            this.state = new TreeMap<>(parent.state());
            this.runtime = parent.runtime();
            this.twins = new FakeTwins(runtime);
            // As on a real chain, where each block begins with its time.
            extrinsics.add("0x280403000b0000000000");
            events.add(twins.success(0));
            state.put(
                    twins.plainKey("Timestamp", "Now"),
                    FakeBlock.hex(new ScaleWriter().u64(System.currentTimeMillis()).toByteArray()));
        }

        /** Registers or changes a twin. */
        public Draft put(ChainTwin twin) {
            boolean isNew = putSilently(twin);
            events.add(twins.stored(twin, isNew, 0));
            return this;
        }

        /** The same without an event: whoever lives by events does not notice. */
        public boolean putSilently(ChainTwin twin) {
            state.put(
                    twins.idKey(twin.account()),
                    FakeBlock.hex(new ScaleWriter().u32(twin.id()).toByteArray()));
            return state.put(twins.twinKey(twin.id()), FakeBlock.hex(twins.twin(twin))) == null;
        }

        public Draft delete(ChainTwin twin) {
            state.remove(twins.twinKey(twin.id()));
            state.remove(twins.idKey(twin.account()));
            events.add(twins.deleted(twin.id(), 0));
            return this;
        }

        /** The runtime of the blocks behind this one. */
        public Draft upgrade(FakeRuntime next) {
            runtime = next;
            return this;
        }

        private void apply(String hex, FakeExtrinsic extrinsic) {
            long number = extrinsics.size();
            extrinsics.add(hex);
            String known = state.get(twins.idKey(extrinsic.account()));
            if (extrinsic.create() == (known != null)) {
                events.add(
                        twins.failure(number, extrinsic.create() ? "TwinExists" : "TwinNotExists"));
                return;
            }
            long id = known == null ? nextId() : FakeBlock.bytes(known)[0];
            var twin = new ChainTwin(id, extrinsic.account(), extrinsic.relay(), extrinsic.pk());
            boolean isNew = putSilently(twin);
            events.add(twins.stored(twin, isNew, number));
            events.add(twins.success(number));
        }

        private long nextId() {
            long id = 1;
            while (state.containsKey(twins.twinKey(id))) {
                id++;
            }
            return id;
        }

        private FakeBlock block(FakeBlock parent) {
            var all = new ScaleWriter().compact(events.size());
            events.forEach(all::bytes);
            state.put(twins.plainKey("System", "Events"), FakeBlock.hex(all.toByteArray()));
            return new FakeBlock(
                    parent.number() + 1,
                    parent.hash(),
                    salt++,
                    Map.copyOf(state),
                    List.copyOf(extrinsics),
                    runtime);
        }
    }

    /** Makes the next block. */
    public void block(Consumer<Draft> content) {
        FakeBlock made;
        synchronized (this) {
            made = make(content);
        }
        tell(made);
    }

    private synchronized FakeBlock make(Consumer<Draft> content) {
        FakeBlock parent = last();
        var draft = new Draft(parent);
        content.accept(draft);
        FakeBlock made = draft.block(parent);
        append(made);
        return made;
    }

    private void tell(FakeBlock made) {
        watchers.forEach(watcher -> watcher.accept(made));
    }

    /** A block that registers or changes twins. */
    public void put(ChainTwin... twins) {
        block(draft -> List.of(twins).forEach(draft::put));
    }

    public void delete(ChainTwin twin) {
        block(draft -> draft.delete(twin));
    }

    /** Blocks in which nothing happens. */
    public void blocks(int count) {
        for (int i = 0; i < count; i++) {
            block(draft -> {});
        }
    }

    /** Takes the last blocks back and makes another one in their place, and one more. */
    public void reorganise(int depth, Consumer<Draft> content) {
        synchronized (this) {
            for (int i = 0; i < depth; i++) {
                best.remove(best.size() - 1);
            }
            var unused = make(content);
            for (int i = 1; i < depth; i++) {
                unused = make(draft -> {});
            }
        }
        block(draft -> {});
    }

    /** The next block is the last of its runtime. */
    public void upgrade(FakeRuntime next) {
        block(draft -> draft.upgrade(next));
    }

    public synchronized FakeRuntime runtime() {
        return last().runtime();
    }

    public synchronized long height() {
        return last().number();
    }

    /** How many transactions wait for a block. */
    public synchronized int waiting() {
        return pool.size();
    }

    /** Whether transactions come into a block at once; on at first. */
    public void mine(boolean at) {
        synchronized (this) {
            mining = at;
        }
        if (at) {
            mineNow();
        }
    }

    private void mineNow() {
        FakeBlock made;
        synchronized (this) {
            if (!mining || pool.isEmpty()) {
                return;
            }
            Map<String, FakeExtrinsic> taken = new LinkedHashMap<>(pool);
            pool.clear();
            made = make(draft -> taken.forEach(draft::apply));
        }
        tell(made);
    }

    private synchronized void append(FakeBlock block) {
        blocks.put(block.hash(), block);
        best.add(block);
    }

    synchronized FakeBlock last() {
        return best.get(best.size() - 1);
    }

    /** Makes no block final but the first, as a node alone may do for ever. */
    public synchronized void neverFinal() {
        finalising = false;
    }

    synchronized FakeBlock finalized() {
        return !finalising ? best.get(0) : best.get(Math.max(0, best.size() - 1 - FINALITY));
    }

    /** The block of this number in the best chain; {@code null} if there is none yet. */
    synchronized @Nullable FakeBlock at(long number) {
        return number < best.size() ? best.get((int) number) : null;
    }

    synchronized FakeBlock byHash(String hash) {
        FakeBlock block = blocks.get(hash);
        if (block == null) {
            throw new FakeRpcException(4003, "Client error: UnknownBlock: Header was not found");
        }
        return block;
    }

    synchronized long nextNonce(AccountId account) {
        return nonces.getOrDefault(account, 0L);
    }

    /** Somebody else sends a transaction for this account. */
    public synchronized void useNonce(AccountId account) {
        nonces.merge(account, 1L, Long::sum);
    }

    /** Takes a transaction; it is mined when the node says so. */
    void submit(String hex) {
        synchronized (this) {
            FakeBlock head = last();
            FakeExtrinsic extrinsic =
                    FakeExtrinsic.read(
                            FakeBlock.bytes(hex),
                            head.runtime(),
                            best.get(0).hash(),
                            (period, phase) -> birth(head.number(), period, phase));
            long next = nonces.getOrDefault(extrinsic.account(), 0L);
            if (extrinsic.nonce() < next) {
                throw new FakeRpcException(1010, "Invalid Transaction: Transaction is outdated");
            }
            nonces.put(extrinsic.account(), extrinsic.nonce() + 1);
            pool.put(hex, extrinsic);
        }
    }

    /** To be called when the submitter has been told that the transaction waits. */
    void submitted() {
        mineNow();
    }

    private String birth(long number, long period, long phase) {
        long birth = (Math.max(number, phase) - phase) / period * period + phase;
        FakeBlock block = at(birth);
        if (block == null) {
            throw new FakeRpcException(1010, "Invalid Transaction: Transaction era is wrong");
        }
        return block.hash();
    }

    /** Tells of each new best block; closes to stop. */
    AutoCloseable watch(Consumer<FakeBlock> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }
}
