package dev.rmb.router.dispatch;

import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Refusal;
import java.util.ArrayDeque;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are not delivered, and the answers to their requesters. Each decision is stored,
 * and forgotten when the answer was accepted and the watermark has passed the message: until then
 * nobody who takes the partition over decides otherwise (delivery.md, 7), and the answer goes out
 * at least once (9).
 */
final class Refusals {
    private static final long RETRY_MS = 1_000;

    private final Mailboxes mailboxes;
    private final Effects effects;

    /** Not done yet, by the refused message's offset. */
    private final NavigableMap<Long, Refusal> open = new TreeMap<>();

    /** Answered, or dropped without an answer, but the watermark has not passed them. */
    private final TreeSet<Long> done = new TreeSet<>();

    private final ArrayDeque<Failed> failed = new ArrayDeque<>();
    private long watermark = -1;

    private record Failed(long offset, long atMs) {}

    Refusals(Mailboxes mailboxes, Effects effects) {
        this.mailboxes = mailboxes;
        this.effects = effects;
    }

    /** Takes over what a predecessor decided; it may or may not have sent it. */
    void begin(long watermark) {
        this.watermark = watermark;
        mailboxes.forEachRefusal((offset, refusal) -> {
            if (refusal == null) {
                done.add(offset);
            } else {
                open.put(offset, refusal);
            }
        });
        open.forEach(effects::refuse);
    }

    void add(long offset, Refusal refusal) {
        mailboxes.refused(offset, refusal);
        open.put(offset, refusal);
        effects.refuse(offset, refusal);
    }

    /** The message at {@code offset} is not delivered, and nobody is told. */
    void drop(long offset) {
        if (offset >= watermark) {
            mailboxes.dropped(offset);
            done.add(offset);
        }
    }

    /**
     * Whether the message at {@code offset} was refused or dropped. Asked for those of a takeover
     * only.
     */
    boolean contains(long offset) {
        return open.containsKey(offset) || done.contains(offset);
    }

    void answered(long offset, boolean success, long nowMs) {
        if (!success) {
            failed.add(new Failed(offset, nowMs));
        } else if (open.remove(offset) != null) {
            if (offset < watermark) {
                mailboxes.forgetRefusal(offset);
            } else {
                done.add(offset);
            }
        }
    }

    void retry(long nowMs) {
        while (true) {
            Failed first = failed.peek();
            if (first == null || nowMs - first.atMs() < RETRY_MS) {
                return;
            }
            failed.poll();
            @Nullable Refusal refusal = open.get(first.offset());
            if (refusal != null) {
                effects.refuse(first.offset(), refusal);
            }
        }
    }

    /** The lowest offset from {@code from} on that waits for its answer, or {@code otherwise}. */
    long lowest(long from, long otherwise) {
        Long lowest = open.ceilingKey(from);
        return lowest == null ? otherwise : Math.min(lowest, otherwise);
    }

    void passed(long offset) {
        watermark = offset;
        while (!done.isEmpty() && done.first() < offset) {
            mailboxes.forgetRefusal(done.pollFirst());
        }
    }
}
