package dev.rmb.gateway;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.accept.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A log that the test runs: it may stall, refuse and give up. */
final class FakeEnvelopeLog implements EnvelopeLog {
    private final List<byte[]> accepted = new ArrayList<>();
    private final List<RecordHeader.Kind> kinds = new ArrayList<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private boolean stalled;
    private boolean refusing;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pending(RecordHeader.Kind kind, byte[] envelope, Receipt receipt) {}

    @Override
    public synchronized void send(
            RecordHeader.Kind kind,
            long destination,
            byte[] envelope,
            long ingressMs,
            Receipt receipt) {
        if (refusing) {
            receipt.ended(Receipt.Outcome.NOT_SENT);
            return;
        }
        pending.add(new Pending(kind, envelope, receipt));
        if (!stalled) {
            acceptPending();
        }
    }

    /** Accepts nothing until {@link #go}. */
    synchronized void stall() {
        stalled = true;
    }

    synchronized void go() {
        stalled = false;
        acceptPending();
    }

    synchronized void refuse(boolean all) {
        refusing = all;
    }

    /** What is under way ends as unconfirmed. */
    synchronized void giveUp() {
        Pending next;
        while ((next = pending.poll()) != null) {
            next.receipt().ended(Receipt.Outcome.UNCONFIRMED);
        }
    }

    synchronized int underWay() {
        return pending.size();
    }

    synchronized long bytesUnderWay() {
        return pending.stream().mapToLong(p -> p.envelope().length).sum();
    }

    synchronized List<byte[]> accepted() {
        return List.copyOf(accepted);
    }

    /** Of those accepted, in the same order. */
    synchronized List<RecordHeader.Kind> kinds() {
        return List.copyOf(kinds);
    }

    private void acceptPending() {
        Pending next;
        while ((next = pending.poll()) != null) {
            accepted.add(next.envelope());
            kinds.add(next.kind());
            next.receipt().ended(Receipt.Outcome.ACCEPTED);
        }
    }

    @Override
    public void close() {
        giveUp();
    }
}
