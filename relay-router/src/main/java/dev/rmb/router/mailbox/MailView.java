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

    /**
     * Some mailboxes.
     *
     * @param next behind which there may be more; {@code null} if there are none
     */
    public record Part(List<Filled> mailboxes, @Nullable String next) {}

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

    /**
     * Mailboxes behind a place, in order; empty ones are none.
     *
     * @param place as {@link #place} gave it; empty: from the beginning
     * @param isOver asked after each mailbox, so that there is at least one
     * @throws IllegalArgumentException if that is no place
     */
    public Part list(String place, int atMost, BooleanSupplier isOver) {
        List<Filled> found = new ArrayList<>();
        boolean all =
                read(
                        place,
                        mailbox -> {
                            found.add(mailbox);
                            return found.size() < atMost && !isOver.getAsBoolean();
                        });
        return new Part(found, all || found.isEmpty() ? null : found.getLast().place());
    }

    /**
     * Reads all mailboxes.
     *
     * @param isOver asked after each
     * @return whether these were all
     */
    public boolean forEach(Consumer<Filled> visitor, BooleanSupplier isOver) {
        return read(
                "",
                mailbox -> {
                    visitor.accept(mailbox);
                    return !isOver.getAsBoolean();
                });
    }

    /** What an address's mailbox holds; nothing if it is empty. */
    public Optional<Filled> of(Address address) {
        byte[] prefix = Keys.mailbox(address);
        List<Filled> found = new ArrayList<>(1);
        var _ = read(Keys.at(prefix, 0), Keys.at(prefix, Long.MAX_VALUE), found::add);
        return found.stream().findFirst();
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

    private interface Visitor {
        /** Whether to go on. */
        boolean visit(Filled mailbox);
    }

    private boolean read(String place, Visitor visitor) {
        byte[] from = Keys.messages();
        if (!place.isEmpty()) {
            from = Keys.at(HEX.parseHex(checked(place)), BEHIND_ALL);
        }
        return read(from, Keys.messagesEnd(), visitor);
    }

    /** Whether all was read. */
    private boolean read(byte[] from, byte[] to, Visitor visitor) {
        byte @Nullable [] last = null;
        long messages = 0;
        long bytes = 0;
        long oldestMs = Long.MAX_VALUE;
        try (var scan = new MessageScan(entries.range(from, to))) {
            while (scan.next()) {
                byte[] key = scan.key();
                if (last != null && !Keys.isSameMailbox(last, key)) {
                    if (!visitor.visit(filled(last, messages, bytes, oldestMs))) {
                        return false;
                    }
                    messages = 0;
                    bytes = 0;
                    oldestMs = Long.MAX_VALUE;
                }
                last = key;
                messages++;
                bytes += scan.size();
                oldestMs = Math.min(oldestMs, scan.appendTimeMs());
            }
        }
        if (last != null) {
            var _ = visitor.visit(filled(last, messages, bytes, oldestMs));
        }
        return true;
    }

    private static Filled filled(byte[] key, long messages, long bytes, long oldestMs) {
        return new Filled(Keys.address(key), new Mailbox.Depth(messages, bytes), oldestMs);
    }
}
