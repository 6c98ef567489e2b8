package dev.rmb.router.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One block cache and one write-buffer budget for the mailboxes of all partitions of the process;
 * by default each would have 50 MiB of cache and three buffers of 16 MiB of its own. Made by Kafka
 * Streams, which wants a public class without parameters.
 */
public final class SharedRocksMemory implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 64L << 20;

    /** Part of the cache's bytes. */
    private static final long WRITE_BUFFER_BYTES = 24L << 20;

    private static final long MEMTABLE_BYTES = 4L << 20;

    static {
        org.rocksdb.RocksDB.loadLibrary();
    }

    // For the life of the process: stores come and go, and each would otherwise close the others'.
    private static final Cache CACHE = new LRUCache(CACHE_BYTES);
    private static final WriteBufferManager WRITE_BUFFERS =
            new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setWriteBufferSize(MEMTABLE_BYTES);
    }

    @Override
    public void close(String storeName, Options options) {
        // The shared parts outlive any one store.
    }
}
