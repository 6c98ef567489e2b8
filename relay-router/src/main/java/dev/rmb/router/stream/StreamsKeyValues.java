package dev.rmb.router.stream;

import dev.rmb.router.mailbox.KeyValues;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** A task's state store. What is written becomes durable with the offsets, in one transaction. */
final class StreamsKeyValues implements KeyValues {
    private final KeyValueStore<Bytes, byte[]> store;
    private long written;

    StreamsKeyValues(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** Bytes that were put since this was last asked. */
    long takeWritten() {
        long taken = written;
        written = 0;
        return taken;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(Bytes.wrap(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.put(Bytes.wrap(key), value);
        written += value.length;
    }

    @Override
    public void delete(byte[] key) {
        // Streams' delete would read the old value first.
        store.put(Bytes.wrap(key), null);
    }

    @Override
    public Scan range(byte[] from, byte[] to) {
        return scan(store, from, to);
    }

    /** Likewise of a store that others look at while its own thread changes it. */
    static Scan scan(ReadOnlyKeyValueStore<Bytes, byte[]> store, byte[] from, byte[] to) {
        KeyValueIterator<Bytes, byte[]> iterator = store.range(Bytes.wrap(from), Bytes.wrap(to));
        return new Scan() {
            private @Nullable KeyValue<Bytes, byte[]> entry;

            @Override
            public boolean next() {
                entry = iterator.hasNext() ? iterator.next() : null;
                return entry != null;
            }

            @Override
            public byte[] key() {
                return entry().key.get();
            }

            @Override
            public byte[] value() {
                return entry().value;
            }

            @Override
            public void close() {
                iterator.close();
            }

            private KeyValue<Bytes, byte[]> entry() {
                if (entry == null) {
                    throw new IllegalStateException("next() did not return true");
                }
                return entry;
            }
        };
    }
}
