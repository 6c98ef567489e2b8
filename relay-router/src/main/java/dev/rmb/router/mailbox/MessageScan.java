package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;

/** Goes through stored messages. */
public final class MessageScan implements AutoCloseable {
    private final KeyValues.Scan scan;

    MessageScan(KeyValues.Scan scan) {
        this.scan = scan;
    }

    /** Moves to the next message; {@code false} if there is none. */
    public boolean next() {
        return scan.next();
    }

    public Address address() {
        return Keys.address(scan.key());
    }

    public long offset() {
        return Keys.offset(scan.key());
    }

    /** Bytes of the envelope. */
    public int size() {
        return StoredMessage.envelopeSize(scan.value());
    }

    public long appendTimeMs() {
        return StoredMessage.appendTimeMs(scan.value());
    }

    public long deadlineMs() {
        return StoredMessage.deadlineMs(scan.value());
    }

    byte[] key() {
        return scan.key();
    }

    public StoredMessage message() {
        return StoredMessage.decode(scan.value());
    }

    @Override
    public void close() {
        scan.close();
    }
}
