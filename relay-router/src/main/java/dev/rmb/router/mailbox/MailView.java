package dev.rmb.router.mailbox;

import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stored messages of a partition, looked at from beside: nothing is changed, and what comes or
 * goes meanwhile may or may not show. What is in memory only, which is that of the last moments,
 * does not.
 */
public final class MailView {
    private static final HexFormat HEX = HexFormat.of();
    private static final long BEHIND_ALL = -1;

    private final Ranges entries;

    public MailView(Ranges entries) {
        this.entries = entries;
    }

    /**
     * A mailbox that is not empty.
     *
     * @param oldestMs when the log took its oldest message
     */
    public record Filled(Address address, Mailbox.Depth depth, long oldestMs) {
        /** Sorts as mailboxes are read. */
        public String place() {
            return MailView.place(address);
        }
    }

    /** A message and where it lies. */
    public record Stored(long offset, StoredMessage message) {}

    /** Where an address's mailbox lies among all: its order as text is that of reading. */
    public static String place(Address address) {
        return HEX.formatHex(Keys.mailbox(address));
    }

    /**
     * @throws IllegalArgumentException if that is nothing that {@link #place} could have given
     */
    public static String checked(String place) {
        if (!Keys.isMailbox(HEX.parseHex(place))) {
            throw new IllegalArgumentException("not a place among mailboxes");
        }
        return place;
    }

    /** Goes through mailboxes, in their order; empty ones are none. For one thread at a time. */
    public static final class Walk implements AutoCloseable {
        private final MessageScan scan;
        private byte @Nullable [] last;
        private long messages;
        private long bytes;
        private long oldestMs = Long.MAX_VALUE;

        private Walk(MessageScan scan) {
            this.scan = scan;
        }

        /** The next one; {@code null} if there is none any more. */
        public @Nullable Filled next() {
            while (scan.next()) {
                byte[] key = scan.key();
                byte[] before = last;
                Filled filled =
                        before == null || Keys.isSameMailbox(before, key) ? null : filled(before);
                last = key;
                messages++;
                bytes += scan.size();
                oldestMs = Math.min(oldestMs, scan.appendTimeMs());
                if (filled != null) {
                    return filled;
                }
            }
            byte[] before = last;
            last = null;
            return before == null ? null : filled(before);
        }

        private Filled filled(byte[] key) {
            Filled filled =
                    new Filled(Keys.address(key), new Mailbox.Depth(messages, bytes), oldestMs);
            messages = 0;
            bytes = 0;
            oldestMs = Long.MAX_VALUE;
            return filled;
        }

        @Override
        public void close() {
            scan.close();
        }
    }

    /**
     * Mailboxes behind a place, read as they are asked for. To be closed.
     *
     * @param place as {@link #place} gave it; empty: from the beginning
     * @throws IllegalArgumentException if that is no place
     */
    public Walk walk(String place) {
        byte[] from =
                place.isEmpty()
                        ? Keys.messages()
                        : Keys.at(HEX.parseHex(checked(place)), BEHIND_ALL);
        return walk(from, Keys.messagesEnd());
    }

    /**
     * Reads all mailboxes.
     *
     * @param isOver asked after each
     * @return whether these were all
     */
    public boolean forEach(Consumer<Filled> visitor, BooleanSupplier isOver) {
        try (Walk walk = walk("")) {
            Filled mailbox;
            while ((mailbox = walk.next()) != null) {
                visitor.accept(mailbox);
                if (isOver.getAsBoolean()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What an address's mailbox holds; nothing if it is empty. */
    public Optional<Filled> of(Address address) {
        byte[] prefix = Keys.mailbox(address);
        try (Walk walk = walk(Keys.at(prefix, 0), Keys.at(prefix, Long.MAX_VALUE))) {
            return Optional.ofNullable(walk.next());
        }
    }

    /**
     * Messages of an address from an offset on, in order.
     *
     * @param atMostBytes after which no further one is read
     */
    public List<Stored> messages(Address address, long from, int atMost, long atMostBytes) {
        byte[] prefix = Keys.mailbox(address);
        List<Stored> found = new ArrayList<>();
        long bytes = 0;
        try (var scan =
                new MessageScan(
                        entries.range(Keys.at(prefix, from), Keys.at(prefix, Long.MAX_VALUE)))) {
            while (found.size() < atMost && bytes < atMostBytes && scan.next()) {
                bytes += scan.size();
                found.add(new Stored(scan.offset(), scan.message()));
            }
        }
        return found;
    }

    private Walk walk(byte[] from, byte[] to) {
        return new Walk(new MessageScan(entries.range(from, to)));
    }
}
