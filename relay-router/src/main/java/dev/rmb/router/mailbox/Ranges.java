package dev.rmb.router.mailbox;

/** Reads the entries under the mailboxes of a partition; on any thread, if it says so. */
@FunctionalInterface
public interface Ranges {
    /** As {@link KeyValues#range}. */
    KeyValues.Scan range(byte[] from, byte[] to);
}
