package dev.rmb.router.dispatch;

import dev.rmb.router.mailbox.Mailboxes;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The lowest offset that is neither acknowledged nor durably stored nor answered (delivery.md, 3).
 * It stands in the store, so that who takes the partition over knows how far back to read.
 *
 * <p>Messages that are not settled are held in the order of the log; since each is stored after two
 * seconds at the latest, these are the messages of two seconds.
 */
final class Watermark {
    private final Mailboxes mailboxes;
    private final Refusals refusals;
    private final long intervalMs;
    private final ArrayDeque<Message> open = new ArrayDeque<>();

    /** Everything below was read. */
    private long position;

    /** As last written; -1 if it never was. */
    private long written = -1;

    private long writtenMs;

    Watermark(Mailboxes mailboxes, Refusals refusals, long intervalMs) {
        this.mailboxes = mailboxes;
        this.refusals = refusals;
        this.intervalMs = intervalMs;
    }

    void begin(OptionalLong stored, long from) {
        written = stored.orElse(-1);
        position = from;
    }

    long position() {
        return position;
    }

    /** The record at {@code offset} was read. */
    void read(long offset, long nowMs) {
        if (written < 0) {
            write(offset, nowMs);
        }
        position = offset + 1;
    }

    /** Everything below {@code offset} was read, as far as it is there. */
    void reached(long offset) {
        position = Math.max(position, offset);
    }

    /** {@code message} was read and is not settled. */
    void add(Message message) {
        open.add(message);
    }

    /** The lowest message that is not settled. */
    @Nullable Message oldest() {
        while (true) {
            Message oldest = open.peek();
            if (oldest == null || !oldest.settled) {
                return oldest;
            }
            open.poll();
        }
    }

    /** Writes it if it moved, and not too often. */
    void advance(long nowMs) {
        if (written < 0 || nowMs - writtenMs < intervalMs) {
            return;
        }
        Message oldest = oldest();
        long low = refusals.lowest(written, oldest == null ? position : oldest.offset);
        if (low > written) {
            write(low, nowMs);
        }
    }

    long written() {
        return written;
    }

    private void write(long offset, long nowMs) {
        mailboxes.writeWatermark(offset);
        written = offset;
        writtenMs = nowMs;
        refusals.passed(offset);
    }
}
