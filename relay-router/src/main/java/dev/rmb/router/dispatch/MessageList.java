package dev.rmb.router.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the order of their offsets; what is in flight is in the order of its numbers, which
 * is another one where offers were delivered. Linked through the messages themselves: most
 * addresses have none, and a queue object for each would cost more than the rest of their state.
 */
final class MessageList {
    private @Nullable Message first;
    private @Nullable Message last;
    private int count;
    private long bytes;

    boolean isEmpty() {
        return first == null;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    @Nullable Message first() {
        return first;
    }

    @Nullable Message last() {
        return last;
    }

    void add(Message message) {
        if (last == null) {
            first = message;
        } else {
            last.next = message;
        }
        last = message;
        count++;
        bytes += message.size;
    }

    @Nullable Message poll() {
        Message polled = first;
        if (polled != null) {
            first = polled.next;
            polled.next = null;
            if (first == null) {
                last = null;
            }
            count--;
            bytes -= polled.size;
        }
        return polled;
    }

    /** Puts them into the order of their offsets, which offers may have disturbed. */
    void sort() {
        List<Message> all = new ArrayList<>(count);
        Message message;
        while ((message = poll()) != null) {
            all.add(message);
        }
        all.sort(Comparator.comparingLong(m -> m.offset));
        all.forEach(this::add);
    }

    /** Moves all of {@code earlier} before these. */
    void prepend(MessageList earlier) {
        if (earlier.last == null) {
            return;
        }
        earlier.last.next = first;
        first = earlier.first;
        if (last == null) {
            last = earlier.last;
        }
        count += earlier.count;
        bytes += earlier.bytes;
        earlier.first = null;
        earlier.last = null;
        earlier.count = 0;
        earlier.bytes = 0;
    }
}
