package dev.rmb.router.stream.store;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Makes the store of each partition. Kafka Streams' own reads a range with an iterator that has no
 * end: at an empty mailbox it goes on over the deletions of all mailboxes behind, 60 ms for 70,000,
 * which one day's mail of a busy twin leaves. Here an iterator ends where its range does.
 *
 * @param name of the store
 */
public record RocksStores(String name) implements KeyValueBytesStoreSupplier {
    @Override
    public KeyValueStore<Bytes, byte[]> get() {
        return new RocksStore(name);
    }

    @Override
    public String metricsScope() {
        return "rocksdb";
    }
}
