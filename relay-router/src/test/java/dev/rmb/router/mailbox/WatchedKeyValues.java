package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store that knows what mail is in it without looking, and tells what is decided there. */
public final class WatchedKeyValues implements KeyValues {
    private final TreeKeyValues entries;
    private final Watcher watcher;
    private final Map<ByteBuffer, NavigableMap<Long, Integer>> mail = new HashMap<>();

    /** Hears what a dispatcher decides. */
    public interface Watcher {
        /** The message was refused, and its requester is told this; {@code null}: nobody is. */
        void refused(long offset, @Nullable String text);

        /** A stored message was deleted. */
        void deleted(long offset);
    }

    public WatchedKeyValues(TreeKeyValues entries, Watcher watcher) {
        this.entries = entries;
        this.watcher = watcher;
        byte[] first = {'m'};
        byte[] end = {'m' + 1};
        try (Scan scan = entries.range(first, end)) {
            while (scan.next()) {
                index(scan.key(), scan.value());
            }
        }
    }

    public TreeKeyValues entries() {
        return entries;
    }

    /** Offsets and sizes of what is stored for the address. */
    public NavigableMap<Long, Integer> mailOf(Address address) {
        return mail.getOrDefault(
                ByteBuffer.wrap(Keys.mailbox(address)), Collections.emptyNavigableMap());
    }

    public long mails() {
        return mail.values().stream().mapToLong(Map::size).sum();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        entries.put(key, value);
        if (key[0] == 'm') {
            index(key, value);
        } else if (key[0] == Keys.REFUSED) {
            watcher.refused(
                    Keys.offset(key), value.length == 0 ? null : Refusal.decode(value).text());
        }
    }

    @Override
    public void delete(byte[] key) {
        entries.delete(key);
        if (key[0] == 'm') {
            mailbox(key).remove(Keys.offset(key));
            watcher.deleted(Keys.offset(key));
        }
    }

    @Override
    public Scan range(byte[] from, byte[] to) {
        return entries.range(from, to);
    }

    private void index(byte[] key, byte[] value) {
        mailbox(key).put(Keys.offset(key), StoredMessage.envelopeSize(value));
    }

    private NavigableMap<Long, Integer> mailbox(byte[] key) {
        return mail.computeIfAbsent(
                ByteBuffer.wrap(key, 0, key.length - Long.BYTES).slice(), _ -> new TreeMap<>());
    }
}
