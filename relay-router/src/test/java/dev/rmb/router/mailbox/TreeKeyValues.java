package dev.rmb.router.mailbox;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A map in memory that can lose what was not committed, as the store of a crashed owner does. Who
 * was fenced can write no more.
 */
public final class TreeKeyValues implements KeyValues {
    private final NavigableMap<byte[], byte[]> entries =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private long puts;
    private long reads;
    private boolean scanning;

    public TreeKeyValues() {}

    /** A copy of what is in there now. */
    public TreeKeyValues copy() {
        TreeKeyValues copy = new TreeKeyValues();
        copy.entries.putAll(entries);
        return copy;
    }

    public long puts() {
        return puts;
    }

    /** Entries that scans came to. */
    public long reads() {
        return reads;
    }

    public int size() {
        return entries.size();
    }

    /** How many keys begin with {@code prefix}. */
    public long count(char prefix) {
        return entries.keySet().stream().filter(key -> key[0] == prefix).count();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        puts++;
        entries.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        entries.remove(key);
    }

    @Override
    public Scan range(byte[] from, byte[] to) {
        if (scanning) {
            throw new IllegalStateException("a scan was not closed");
        }
        scanning = true;
        Iterator<Map.Entry<byte[], byte[]>> iterator =
                entries.subMap(from, true, to, true).entrySet().iterator();
        return new Scan() {
            private Map.@Nullable Entry<byte[], byte[]> entry;

            @Override
            public boolean next() {
                entry = iterator.hasNext() ? iterator.next() : null;
                reads += entry == null ? 0 : 1;
                return entry != null;
            }

            @Override
            public byte[] key() {
                return entry().getKey();
            }

            @Override
            public byte[] value() {
                return entry().getValue();
            }

            @Override
            public void close() {
                scanning = false;
            }

            private Map.Entry<byte[], byte[]> entry() {
                if (entry == null) {
                    throw new IllegalStateException("next() did not return true");
                }
                return entry;
            }
        };
    }
}
