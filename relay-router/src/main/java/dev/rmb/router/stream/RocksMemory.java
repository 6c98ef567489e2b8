package dev.rmb.router.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One block cache and one bound for memtables for all partitions of the process. Kafka Streams
 * would give each its own, 98 MiB together. Made by Kafka Streams, by name.
 */
public final class RocksMemory implements RocksDBConfigSetter {
    /** Memtables count against the cache, so this is nearly all that RocksDB takes. */
    private static final long CACHE_BYTES = 64L << 20;

    private static final long MEMTABLES_BYTES = 32L << 20;
    private static final long MEMTABLE_BYTES = 8L << 20;
    private static final int MEMTABLES = 2;
    private static final int BLOCK_BYTES = 16 << 10;

    static {
        RocksDB.loadLibrary();
    }

    // For the life of the process: stores come and go, and hold them while they are open.
    private static final Cache CACHE = new LRUCache(CACHE_BYTES);
    private static final WriteBufferManager MEMTABLES_BOUND =
            new WriteBufferManager(MEMTABLES_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setBlockSize(BLOCK_BYTES);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(MEMTABLES_BOUND);
        options.setWriteBufferSize(MEMTABLE_BYTES);
        options.setMaxWriteBufferNumber(MEMTABLES);
    }

    @Override
    public void close(String storeName, Options options) {
        // What is shared outlives the store.
    }
}
