package dev.rmb.peer.resp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keys, and what is under them: a list, or a string that may have a time to live. Bounded. Belongs
 * to the server's event loop; times are given to it.
 */
final class Database {
    /** What a key or an element costs beside its bytes, roughly. */
    private static final int OVERHEAD = 96;

    private final long maxBytes;
    private final Map<ByteBuffer, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> expiring =
            new TreeSet<>(
                    Comparator.comparingLong(Entry::deadline).thenComparingLong(Entry::number));
    private long used;
    private long numbers;

    Database(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** There is no room. */
    static final class FullException extends Exception {
        private static final long serialVersionUID = 1;

        FullException() {
            super("OOM command not allowed when used memory > 'maxmemory'.", null, false, false);
        }
    }

    /** Under the key is something else. */
    static final class WrongTypeException extends Exception {
        private static final long serialVersionUID = 1;

        WrongTypeException() {
            super(
                    "WRONGTYPE Operation against a key holding the wrong kind of value",
                    null,
                    false,
                    false);
        }
    }

    private static final class Entry {
        private final ByteBuffer key;
        private final long number;
        private final @Nullable ArrayDeque<byte[]> list;
        private final byte @Nullable [] value;

        /** Milliseconds; {@link Long#MAX_VALUE} for ever. */
        private long deadline = Long.MAX_VALUE;

        Entry(
                ByteBuffer key,
                long number,
                @Nullable ArrayDeque<byte[]> list,
                byte @Nullable [] value) {
            this.key = key;
            this.number = number;
            this.list = list;
            this.value = value;
        }

        long deadline() {
            return deadline;
        }

        long number() {
            return number;
        }
    }

    int size() {
        return entries.size();
    }

    long usedBytes() {
        return used;
    }

    /** Forgets what is over by now. */
    void expire(long now) {
        while (!expiring.isEmpty() && expiring.first().deadline <= now) {
            remove(expiring.first());
        }
    }

    private @Nullable Entry find(byte[] key, long now) {
        Entry entry = entries.get(ByteBuffer.wrap(key));
        if (entry != null && entry.deadline <= now) {
            remove(entry);
            return null;
        }
        return entry;
    }

    private void remove(Entry entry) {
        entries.remove(entry.key);
        expiring.remove(entry);
        used -= entry.key.remaining() + OVERHEAD;
        if (entry.value != null) {
            used -= entry.value.length;
        }
        if (entry.list != null) {
            entry.list.forEach(element -> used -= element.length + OVERHEAD);
        }
    }

    private Entry add(byte[] key, @Nullable ArrayDeque<byte[]> list, byte @Nullable [] value) {
        var entry = new Entry(ByteBuffer.wrap(key), numbers++, list, value);
        entries.put(entry.key, entry);
        used += key.length + OVERHEAD + (value == null ? 0 : value.length);
        return entry;
    }

    boolean exists(byte[] key, long now) {
        return find(key, now) != null;
    }

    /** {@code list}, {@code string} or {@code none}. */
    String type(byte[] key, long now) {
        Entry entry = find(key, now);
        return entry == null ? "none" : entry.list != null ? "list" : "string";
    }

    boolean delete(byte[] key, long now) {
        Entry entry = find(key, now);
        if (entry == null) {
            return false;
        }
        remove(entry);
        return true;
    }

    byte @Nullable [] get(byte[] key, long now) throws WrongTypeException {
        Entry entry = find(key, now);
        if (entry != null && entry.value == null) {
            throw new WrongTypeException();
        }
        return entry == null ? null : entry.value;
    }

    /** Replaces whatever is there. */
    void set(byte[] key, byte[] value, long deadline, long now) throws FullException {
        room(key.length + (long) value.length);
        Entry before = find(key, now);
        if (before != null) {
            remove(before);
        }
        deadline(add(key, null, value), deadline);
    }

    private void room(long bytes) throws FullException {
        if (used + bytes + 2 * OVERHEAD > maxBytes) {
            throw new FullException();
        }
    }

    private void deadline(Entry entry, long deadline) {
        expiring.remove(entry);
        entry.deadline = deadline;
        if (deadline != Long.MAX_VALUE) {
            expiring.add(entry);
        }
    }

    boolean expireAt(byte[] key, long deadline, long now) {
        Entry entry = find(key, now);
        if (entry == null) {
            return false;
        }
        deadline(entry, deadline);
        return true;
    }

    /** Milliseconds; -1 for ever, -2 if there is no such key. */
    long remaining(byte[] key, long now) {
        Entry entry = find(key, now);
        if (entry == null) {
            return -2;
        }
        return entry.deadline == Long.MAX_VALUE ? -1 : entry.deadline - now;
    }

    /** The list's new length. */
    int push(byte[] key, List<byte[]> elements, boolean left, long now)
            throws FullException, WrongTypeException {
        ArrayDeque<byte[]> list = list(key, now);
        long bytes = list == null ? key.length + OVERHEAD : 0;
        for (byte[] element : elements) {
            bytes += element.length + OVERHEAD;
        }
        room(bytes);
        if (list == null) {
            list = new ArrayDeque<>();
            add(key, list, null);
        }
        for (byte[] element : elements) {
            used += element.length + OVERHEAD;
            if (left) {
                list.addFirst(element);
            } else {
                list.addLast(element);
            }
        }
        return list.size();
    }

    byte @Nullable [] pop(byte[] key, boolean left, long now) throws WrongTypeException {
        ArrayDeque<byte[]> list = list(key, now);
        if (list == null) {
            return null;
        }
        byte[] element = left ? list.removeFirst() : list.removeLast();
        used -= element.length + OVERHEAD;
        removeIfEmpty(key, list, now);
        return element;
    }

    int length(byte[] key, long now) throws WrongTypeException {
        ArrayDeque<byte[]> list = list(key, now);
        return list == null ? 0 : list.size();
    }

    /** From the one to the other, both within; negative ones count from the end. */
    List<byte[]> range(byte[] key, long from, long to, long now) throws WrongTypeException {
        ArrayDeque<byte[]> list = list(key, now);
        if (list == null) {
            return List.of();
        }
        long first = Math.max(0, from < 0 ? list.size() + from : from);
        long last = Math.min(list.size() - 1L, to < 0 ? list.size() + to : to);
        List<byte[]> range = new ArrayList<>();
        Iterator<byte[]> elements = list.iterator();
        for (long i = 0; i <= last; i++) {
            byte[] element = elements.next();
            if (i >= first) {
                range.add(element);
            }
        }
        return range;
    }

    /** Drops what is outside, as {@link #range} counts. */
    void trim(byte[] key, long from, long to, long now) throws WrongTypeException {
        ArrayDeque<byte[]> list = list(key, now);
        if (list == null) {
            return;
        }
        long first = Math.max(0, from < 0 ? list.size() + from : from);
        long last = Math.min(list.size() - 1L, to < 0 ? list.size() + to : to);
        long right = first > last ? list.size() : list.size() - 1 - last;
        long left = first > last ? 0 : first;
        for (long i = 0; i < right; i++) {
            used -= list.removeLast().length + OVERHEAD;
        }
        for (long i = 0; i < left; i++) {
            used -= list.removeFirst().length + OVERHEAD;
        }
        removeIfEmpty(key, list, now);
    }

    private @Nullable ArrayDeque<byte[]> list(byte[] key, long now) throws WrongTypeException {
        Entry entry = find(key, now);
        if (entry == null) {
            return null;
        }
        if (entry.list == null) {
            throw new WrongTypeException();
        }
        return entry.list;
    }

    private void removeIfEmpty(byte[] key, ArrayDeque<byte[]> list, long now) {
        Entry entry = list.isEmpty() ? find(key, now) : null;
        if (entry != null) {
            remove(entry);
        }
    }
}
