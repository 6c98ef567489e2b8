package dev.rmb.router.stream.store;

import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WriteBufferManager;

/**
 * How RocksDB is used, with one block cache and one bound for memtables for all partitions of the
 * process.
 */
final class RocksMemory {
    /** Memtables count against the cache, so this is nearly all that RocksDB takes. */
    private static final long CACHE_BYTES = 64L << 20;

    private static final long MEMTABLES_BYTES = 32L << 20;
    private static final long MEMTABLE_BYTES = 8L << 20;
    private static final int MEMTABLES = 2;
    private static final int BLOCK_BYTES = 16 << 10;
    private static final int BACKGROUND_THREADS = 2;

    /** A file in which so many of so many neighbours are deletions is rewritten without them. */
    private static final long DELETIONS = 64;

    private static final long NEIGHBOURS = 128;

    /** Or of which this part are deletions. */
    private static final double DELETED_PART = 0.5;

    static {
        RocksDB.loadLibrary();
    }

    // For the life of the process: stores come and go, and hold them while they are open.
    private static final Cache CACHE = new LRUCache(CACHE_BYTES);
    private static final WriteBufferManager MEMTABLES_BOUND =
            new WriteBufferManager(MEMTABLES_BYTES, CACHE);
    private static final BloomFilter FILTER = new BloomFilter();
    private static final TablePropertiesCollectorFactory DELETIONS_COUNTER =
            TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                    NEIGHBOURS, DELETIONS, DELETED_PART);

    private RocksMemory() {}

    /** Options of one store, which whoever opens it closes. */
    static Options options() {
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(CACHE)
                        .setBlockSize(BLOCK_BYTES)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinTopLevelIndexAndFilter(true)
                        .setFilterPolicy(FILTER);
        Options options =
                new Options()
                        .setCreateIfMissing(true)
                        .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                        .setIncreaseParallelism(BACKGROUND_THREADS)
                        .setCompressionType(CompressionType.NO_COMPRESSION)
                        .setCompactionStyle(CompactionStyle.UNIVERSAL)
                        .setTableFormatConfig(table)
                        .setWriteBufferManager(MEMTABLES_BOUND)
                        .setWriteBufferSize(MEMTABLE_BYTES)
                        .setMaxWriteBufferNumber(MEMTABLES);
        options.setTablePropertiesCollectorFactory(List.of(DELETIONS_COUNTER));
        return options;
    }
}
