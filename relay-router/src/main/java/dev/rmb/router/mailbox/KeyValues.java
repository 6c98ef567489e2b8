package dev.rmb.router.mailbox;

import org.jspecify.annotations.Nullable;

/**
 * The durable, ordered map under the mailboxes of one partition. Keys are ordered as unsigned
 * bytes. Used by one thread; arrays given or returned are not changed afterwards by anybody.
 */
public interface KeyValues {
    byte @Nullable [] get(byte[] key);

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /**
     * The entries from {@code from} to {@code to}, both included, as they are now: what is put or
     * deleted while scanning may or may not show.
     */
    Scan range(byte[] from, byte[] to);

    /** A position in a range, before its first entry at the start. */
    interface Scan extends AutoCloseable {
        /** Moves to the next entry; {@code false} if there is none. */
        boolean next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
