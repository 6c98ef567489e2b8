package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;

/** The stored messages of one address, ordered by their place in the log. */
public final class Mailbox {
    private final KeyValues entries;
    private final Stock stock;
    private final Address address;
    private final byte[] prefix;

    Mailbox(KeyValues entries, Stock stock, Address address) {
        this.entries = entries;
        this.stock = stock;
        this.address = address;
        this.prefix = Keys.mailbox(address);
    }

    /**
     * How much a mailbox holds.
     *
     * @param bytes of envelopes
     */
    public record Depth(long messages, long bytes) {}

    public Address address() {
        return address;
    }

    /** Stores a message that is not stored yet. */
    public void put(long offset, StoredMessage message) {
        byte[] key = Keys.at(prefix, offset);
        entries.put(key, message.encode());
        stock.put(key, message.envelope().length);
    }

    /**
     * Deletes a message that is stored.
     *
     * @param size of its envelope
     */
    public void delete(long offset, int size) {
        byte[] key = Keys.at(prefix, offset);
        entries.delete(key);
        stock.deleted(key, size);
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

    /** Counts by reading. */
    public Depth depth() {
        long messages = 0;
        long bytes = 0;
        try (MessageScan scan = scan(0)) {
            while (scan.next()) {
                messages++;
                bytes += scan.size();
            }
        }
        return new Depth(messages, bytes);
    }
}
