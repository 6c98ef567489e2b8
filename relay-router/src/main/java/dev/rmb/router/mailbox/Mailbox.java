package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;

/** The stored messages of one address, ordered by their place in the log. */
public final class Mailbox {
    private final KeyValues entries;
    private final byte[] prefix;

    Mailbox(KeyValues entries, Address address) {
        this.entries = entries;
        this.prefix = Keys.mailbox(address);
    }

    /**
     * How much a mailbox holds.
     *
     * @param bytes of envelopes
     */
    public record Depth(long messages, long bytes) {}

    /** Storing the same message again changes nothing. */
    public void put(long offset, StoredMessage message) {
        entries.put(Keys.at(prefix, offset), message.encode());
    }

    public void delete(long offset) {
        entries.delete(Keys.at(prefix, offset));
    }

    public boolean contains(long offset) {
        return entries.get(Keys.at(prefix, offset)) != null;
    }

    /** Whether nothing is stored at or above {@code offset}. */
    public boolean isEmptyFrom(long offset) {
        try (MessageScan scan = scan(offset)) {
            return !scan.next();
        }
    }

    /** The messages at or above {@code offset}; to be closed before the stream thread goes on. */
    public MessageScan scan(long offset) {
        return new MessageScan(
                entries.range(Keys.at(prefix, offset), Keys.at(prefix, Long.MAX_VALUE)));
    }

    /** Counts by reading: for the first time an address is met. */
    public Depth depth() {
        long messages = 0;
        long bytes = 0;
        try (MessageScan scan = scan(0)) {
            while (scan.next()) {
                messages++;
                bytes += scan.message().envelope().length;
            }
        }
        return new Depth(messages, bytes);
    }
}
