package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Everything that the owner of a partition keeps beside the log. Used by one thread. */
public final class Mailboxes {
    private static final byte[] NOTHING = {};

    private final KeyValues entries;
    private final Stock stock = new Stock();

    public Mailboxes(KeyValues entries) {
        this.entries = entries;
    }

    public Mailbox of(Address address) {
        return new Mailbox(entries, stock, address);
    }

    /**
     * The messages of all addresses of a twin, address by address, from one of them on.
     *
     * @param from where to begin in {@code fromAddress}'s mailbox
     */
    public MessageScan scan(Address fromAddress, long from) {
        byte[] first = Keys.at(Keys.mailbox(fromAddress), from);
        byte[] last = Keys.end(Keys.mailboxes(fromAddress.twin()));
        return new MessageScan(entries.range(first, last));
    }

    /** How much there is of everybody's mail. */
    public Stock stock() {
        return stock;
    }

    public Round round() {
        return new Round(entries, stock);
    }

    /** A mailbox that is not empty, and how much it holds. */
    public record Held(Mailbox mailbox, Mailbox.Depth depth) {}

    /**
     * Counts the mailboxes of a twin by reading them.
     *
     * @param atMost messages that are read
     * @return {@code null} if there are more
     */
    public @Nullable List<Held> depths(long twin, long atMost) {
        byte[] first = Keys.mailboxes(twin);
        List<Held> found = new ArrayList<>();
        byte @Nullable [] last = null;
        long messages = 0;
        long bytes = 0;
        long read = 0;
        try (MessageScan scan = new MessageScan(entries.range(first, Keys.end(first)))) {
            while (scan.next()) {
                if (++read > atMost) {
                    return null;
                }
                if (last != null && !Keys.isSameMailbox(last, scan.key())) {
                    found.add(held(last, messages, bytes));
                    messages = 0;
                    bytes = 0;
                }
                last = scan.key();
                messages++;
                bytes += scan.size();
            }
        }
        if (last != null) {
            found.add(held(last, messages, bytes));
        }
        return found;
    }

    private Held held(byte[] key, long messages, long bytes) {
        return new Held(of(Keys.address(key)), new Mailbox.Depth(messages, bytes));
    }

    /** The lowest offset that is neither acknowledged nor stored nor answered, as last written. */
    public OptionalLong watermark() {
        byte[] value = entries.get(Keys.WATERMARK);
        return value == null
                ? OptionalLong.empty()
                : OptionalLong.of(ByteBuffer.wrap(value).getLong());
    }

    public void writeWatermark(long offset) {
        entries.put(Keys.WATERMARK, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
    }

    /** How offsets of the log become places. */
    public Seams seams() {
        byte[] value = entries.get(Keys.SEAMS);
        return value == null ? Seams.none() : Seams.decode(value);
    }

    public void write(Seams seams) {
        entries.put(Keys.SEAMS, seams.encode());
    }

    /** Keeps a record that a later version may understand, with everything it says. */
    public void park(long offset, long appendTimeMs, byte[] header, byte[] key, byte[] value) {
        int size = Long.BYTES + 2 * Integer.BYTES + header.length + key.length + value.length;
        ByteBuffer record = ByteBuffer.allocate(size).putLong(appendTimeMs);
        record.putInt(header.length).put(header).putInt(key.length).put(key).put(value);
        entries.put(Keys.at(Keys.PARKED, offset), record.array());
    }

    /** Remembers that the message at {@code offset} was refused, and how. */
    public void refused(long offset, Refusal refusal) {
        entries.put(Keys.at(Keys.REFUSED, offset), refusal.encode());
    }

    /** Remembers that the message at {@code offset} is not delivered, and that nobody is told. */
    public void dropped(long offset) {
        entries.put(Keys.at(Keys.REFUSED, offset), NOTHING);
    }

    /** Forgets what {@link #refused} or {@link #dropped} remembered. */
    public void forgetRefusal(long offset) {
        entries.delete(Keys.at(Keys.REFUSED, offset));
    }

    /** Takes what is remembered of a message that is not delivered. */
    @FunctionalInterface
    public interface RefusalVisitor {
        /**
         * @param refusal {@code null} if nobody is told
         */
        void accept(long offset, @Nullable Refusal refusal);
    }

    public void forEachRefusal(RefusalVisitor visitor) {
        try (KeyValues.Scan scan =
                entries.range(Keys.at(Keys.REFUSED, 0), Keys.at(Keys.REFUSED, Long.MAX_VALUE))) {
            while (scan.next()) {
                byte[] value = scan.value();
                visitor.accept(
                        Keys.offset(scan.key()), value.length == 0 ? null : Refusal.decode(value));
            }
        }
    }

    /** Remembers that the twin has stored messages that nobody decided on. */
    public void undecided(long twin) {
        entries.put(Keys.of(Keys.UNDECIDED, twin), NOTHING);
    }

    public void decided(long twin) {
        entries.delete(Keys.of(Keys.UNDECIDED, twin));
    }

    public List<Long> undecidedTwins() {
        List<Long> twins = new ArrayList<>();
        try (KeyValues.Scan scan =
                entries.range(Keys.of(Keys.UNDECIDED, 0), Keys.of(Keys.UNDECIDED, 0xFFFF_FFFFL))) {
            while (scan.next()) {
                twins.add(Keys.twin(scan.key()));
            }
        }
        return twins;
    }
}
