package dev.rmb.router.mailbox;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through all mailboxes of a partition, a share at a time, and then again. */
public final class Round {
    private final KeyValues entries;
    private final Stock stock;
    private byte[] next = Keys.messages();

    Round(KeyValues entries, Stock stock) {
        this.entries = entries;
        this.stock = stock;
    }

    /**
     * Goes on where the last share ended.
     *
     * @param atMost messages
     * @param atMostBytes after which no further message is read
     * @param visitor must change nothing
     * @return how many messages were read, less than {@code atMost} also before the end
     */
    public int share(int atMost, long atMostBytes, Consumer<MessageScan> visitor) {
        int read = 0;
        long bytes = 0;
        byte @Nullable [] end = null;
        try (MessageScan scan = new MessageScan(entries.range(next, Keys.messagesEnd()))) {
            while (scan.next()) {
                if (read == atMost || bytes >= atMostBytes) {
                    end = scan.key();
                    break;
                }
                read++;
                bytes += scan.size();
                visitor.accept(scan);
            }
        }
        stock.count(end, read, bytes);
        next = end == null ? Keys.messages() : end;
        return read;
    }

    /** Whether the next share is the first one of another round. */
    public boolean isComplete() {
        return next.length == 1;
    }
}
