package dev.rmb.router.mailbox;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How much all mailboxes of a partition hold. A new owner counts it by and by, in the order of the
 * keys; what comes or goes behind the place that it has reached is followed from then on.
 */
public final class Stock {
    /** Keys below are counted; {@code null} if all are. */
    private byte @Nullable [] counted = {};

    private long messages;
    private long bytes;

    Stock() {}

    /** As far as it is counted. */
    public Mailbox.Depth depth() {
        return new Mailbox.Depth(messages, bytes);
    }

    public boolean isCounted() {
        return counted == null;
    }

    /** All before {@code key} is counted with this, which lies between there and the last call. */
    void count(byte @Nullable [] key, long moreMessages, long moreBytes) {
        if (counted != null) {
            messages += moreMessages;
            bytes += moreBytes;
            counted = key;
        }
    }

    void put(byte[] key, int size) {
        if (isCounted(key)) {
            messages++;
            bytes += size;
        }
    }

    void deleted(byte[] key, int size) {
        if (isCounted(key)) {
            messages--;
            bytes -= size;
        }
    }

    private boolean isCounted(byte[] key) {
        byte[] to = counted;
        return to == null || Arrays.compareUnsigned(key, to) < 0;
    }
}
