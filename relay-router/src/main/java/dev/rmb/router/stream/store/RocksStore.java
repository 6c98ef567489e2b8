package dev.rmb.router.stream.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A key-value store in RocksDB. Changed by its task's thread; others may read meanwhile, and are
 * told by an {@link InvalidStateStoreException} when it is closed under them.
 *
 * <p>There is no log on disk: the changelog has everything. With exactly-once processing Kafka
 * Streams trusts what lies on the disk after a clean close only, and restores it otherwise, so
 * nothing is flushed before.
 */
final class RocksStore implements KeyValueStore<Bytes, byte[]> {
    private static final String DIRECTORY = "rocksdb";

    private final String name;
    private final Position position = Position.emptyPosition();
    private final Set<Scan> scans = ConcurrentHashMap.newKeySet();

    /** While it is open; changed under this store's monitor. */
    private volatile @Nullable Open open;

    private record Open(RocksDB rocks, Options options, WriteOptions unlogged) {}

    RocksStore(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        Object guarantee = context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
        if (!StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
            throw new IllegalStateException(
                    "what is on disk is not flushed at commits, which only exactly-once allows; "
                            + StreamsConfig.PROCESSING_GUARANTEE_CONFIG
                            + " is "
                            + guarantee);
        }
        open(context.stateDir().toPath().resolve(DIRECTORY).resolve(name));
        context.register(root, new Restore());
    }

    synchronized void open(Path directory) {
        Options options = RocksMemory.options();
        try {
            Files.createDirectories(directory);
            RocksDB rocks = RocksDB.open(options, directory.toString());
            open = new Open(rocks, options, new WriteOptions().setDisableWAL(true));
        } catch (IOException | RocksDBException e) {
            options.close();
            throw failed("opened in " + directory, e);
        }
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return open != null;
    }

    /** Nothing: see above. */
    @Override
    public void commit(Map<TopicPartition, Long> offsets) {}

    @Override
    public Position getPosition() {
        return position;
    }

    @Override
    public synchronized byte @Nullable [] get(Bytes key) {
        try {
            return opened().rocks().get(key.get());
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    @Override
    public synchronized void put(Bytes key, byte @Nullable [] value) {
        Open to = opened();
        try {
            if (value == null) {
                to.rocks().delete(to.unlogged(), key.get());
            } else {
                to.rocks().put(to.unlogged(), key.get(), value);
            }
        } catch (RocksDBException e) {
            throw failed("written", e);
        }
    }

    @Override
    public synchronized byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
        byte[] there = get(key);
        if (there == null) {
            put(key, value);
        }
        return there;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        write(entries.stream().map(e -> KeyValue.pair(e.key.get(), e.value)).toList());
    }

    @Override
    public synchronized byte @Nullable [] delete(Bytes key) {
        byte[] there = get(key);
        put(key, null);
        return there;
    }

    /** Both ends are included. */
    @Override
    public synchronized KeyValueIterator<Bytes, byte[]> range(
            @Nullable Bytes from, @Nullable Bytes to) {
        var scan =
                new Scan(
                        opened().rocks(),
                        from == null ? null : from.get(),
                        // The least key that is above it.
                        to == null ? null : Arrays.copyOf(to.get(), to.get().length + 1));
        scans.add(scan);
        return scan;
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return range(null, null);
    }

    @Override
    public synchronized long approximateNumEntries() {
        try {
            return opened().rocks().getLongProperty("rocksdb.estimate-num-keys");
        } catch (RocksDBException e) {
            throw failed("counted", e);
        }
    }

    @Override
    public synchronized void close() {
        Open closing = open;
        if (closing == null) {
            return;
        }
        open = null;
        scans.forEach(Scan::close);
        try (RocksDB rocks = closing.rocks();
                Options _ = closing.options();
                WriteOptions _ = closing.unlogged();
                FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            rocks.flush(waiting);
        } catch (RocksDBException e) {
            throw failed("flushed", e);
        }
    }

    private synchronized void write(Collection<KeyValue<byte[], byte[]>> entries) {
        Open to = opened();
        try (var batch = new WriteBatch()) {
            for (KeyValue<byte[], byte[]> entry : entries) {
                if (entry.value == null) {
                    batch.delete(entry.key);
                } else {
                    batch.put(entry.key, entry.value);
                }
            }
            to.rocks().write(to.unlogged(), batch);
        } catch (RocksDBException e) {
            throw failed("written", e);
        }
    }

    private Open opened() {
        Open now = open;
        if (now == null) {
            throw new InvalidStateStoreException("the store " + name + " is closed");
        }
        return now;
    }

    private ProcessorStateException failed(String what, Exception cause) {
        return new ProcessorStateException(
                "the store %s cannot be %s: %s".formatted(name, what, cause.getMessage()), cause);
    }

    private final class Restore implements BatchingStateRestoreCallback {
        @Override
        public void restoreAll(Collection<KeyValue<byte[], byte[]>> records) {
            write(records);
        }
    }

    /** Its owner's thread moves it; closing the store ends it from another one. */
    private final class Scan implements KeyValueIterator<Bytes, byte[]> {
        private final @Nullable Slice end;
        private final ReadOptions options = new ReadOptions();
        private final RocksIterator entries;
        private boolean closed;

        Scan(RocksDB rocks, byte @Nullable [] from, byte @Nullable [] end) {
            this.end = end == null ? null : new Slice(end);
            if (this.end != null) {
                options.setIterateUpperBound(this.end);
            }
            this.entries = rocks.newIterator(options);
            if (from == null) {
                entries.seekToFirst();
            } else {
                entries.seek(from);
            }
        }

        @Override
        public synchronized boolean hasNext() {
            if (closed) {
                throw new InvalidStateStoreException("the store " + name + " was closed");
            }
            if (entries.isValid()) {
                return true;
            }
            try {
                // Not valid means at the end, or that it could not be read.
                entries.status();
            } catch (RocksDBException e) {
                throw failed("read", e);
            }
            return false;
        }

        @Override
        public synchronized KeyValue<Bytes, byte[]> next() {
            Bytes key = peekNextKey();
            byte[] value = entries.value();
            entries.next();
            return KeyValue.pair(key, value);
        }

        @Override
        public synchronized Bytes peekNextKey() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return Bytes.wrap(entries.key());
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                scans.remove(this);
                entries.close();
                options.close();
                if (end != null) {
                    end.close();
                }
            }
        }
    }
}
