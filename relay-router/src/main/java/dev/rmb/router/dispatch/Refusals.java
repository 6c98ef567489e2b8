package dev.rmb.router.dispatch;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Refusal;
import java.util.ArrayDeque;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Messages that are not delivered, and the answers to their requesters. Each decision is stored,
 * and forgotten when the answer was accepted and the watermark has passed the message: until then
 * nobody who takes the partition over decides otherwise (delivery.md, 7), and the answer goes out
 * at least once (9).
 */
final class Refusals {
    private static final long RETRY_MS = 1_000;

    /** Answers tried again in one go. */
    private static final int RETRIES = 256;

    private final Mailboxes mailboxes;
    private final Effects effects;
    private final Counts counts;

    /** Not done yet, by the refused message's offset. */
    private final NavigableMap<Long, Refusal> open = new TreeMap<>();

    /** Answered, or dropped without an answer, but the watermark has not passed them. */
    private final TreeSet<Long> done = new TreeSet<>();

    private final ArrayDeque<Failed> failed = new ArrayDeque<>();

    /** Decided while it was not certain that this is the owner. */
    private final ArrayDeque<Long> held = new ArrayDeque<>();

    private boolean isTrusted;
    private long watermark = -1;

    private record Failed(long offset, long atMs) {}

    Refusals(Mailboxes mailboxes, Effects effects, Counts counts) {
        this.mailboxes = mailboxes;
        this.effects = effects;
        this.counts = counts;
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
        held.addAll(open.keySet());
    }

    /**
     * Whether answers may go out. A process that was paused, or has heard of a higher claim, may
     * have decided what the present owner decided otherwise; its answers, unlike its decisions,
     * nothing would take back.
     */
    void trust(boolean whether) {
        isTrusted = whether;
        if (whether) {
            Long offset;
            while ((offset = held.poll()) != null) {
                send(offset);
            }
        }
    }

    /** The message at {@code offset} is not delivered; if it is a request, its sender is told. */
    @SuppressWarnings("EnumOrdinal") // never leaves this process
    void refuse(long offset, EnvelopeHeader header, Reason reason) {
        counts.refuse(reason);
        effects.ended(offset, Fate.REFUSED, reason.ordinal());
        Address requester = header.source();
        // docs/specification.md, 8.2: errors are only ever sent in answer to a request.
        if (header.kind() == EnvelopeHeader.Kind.REQUEST && requester != null) {
            Refusal refusal = new Refusal(header.uid(), requester, reason.text);
            mailboxes.refused(offset, refusal);
            open.put(offset, refusal);
            send(offset);
        } else {
            forget(offset);
        }
    }

    /** The message at {@code offset} is not delivered, and nobody is told. */
    void drop(long offset) {
        effects.ended(offset, Fate.DROPPED, 0);
        forget(offset);
    }

    private void forget(long offset) {
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
        for (int i = 0; i < RETRIES; i++) {
            Failed first = failed.peek();
            if (first == null || nowMs - first.atMs() < RETRY_MS) {
                return;
            }
            failed.poll();
            send(first.offset());
        }
    }

    /** The lowest offset from {@code from} on that waits for its answer, or {@code otherwise}. */
    long lowest(long from, long otherwise) {
        Long lowest = open.ceilingKey(from);
        return lowest == null ? otherwise : Math.min(lowest, otherwise);
    }

    private void send(long offset) {
        if (!isTrusted) {
            held.add(offset);
            return;
        }
        Refusal refusal = open.get(offset);
        if (refusal != null) {
            effects.refuse(offset, refusal);
        }
    }

    void passed(long offset) {
        watermark = offset;
        while (!done.isEmpty() && done.first() < offset) {
            mailboxes.forgetRefusal(done.pollFirst());
        }
    }
}
