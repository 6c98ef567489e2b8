package dev.rmb.router.stream;

import dev.rmb.router.mailbox.KeyValues;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A task's state store as the mailboxes see it. */
final class StoreEntries implements KeyValues {
    private final KeyValueStore<Bytes, byte[]> store;

    StoreEntries(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(Bytes.wrap(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.put(Bytes.wrap(key), value);
    }

    @Override
    public void delete(byte[] key) {
        var _ = store.delete(Bytes.wrap(key));
    }

    @Override
    public Scan range(byte[] from, byte[] to) {
        KeyValueIterator<Bytes, byte[]> entries = store.range(Bytes.wrap(from), Bytes.wrap(to));
        return new Scan() {
            private @Nullable KeyValue<Bytes, byte[]> current;

            @Override
            public boolean next() {
                current = entries.hasNext() ? entries.next() : null;
                return current != null;
            }

            @Override
            public byte[] key() {
                return here().key.get();
            }

            @Override
            public byte[] value() {
                return here().value;
            }

            @Override
            public void close() {
                entries.close();
            }

            private KeyValue<Bytes, byte[]> here() {
                if (current == null) {
                    throw new NoSuchElementException("before the first entry or after the last");
                }
                return current;
            }
        };
    }
}
