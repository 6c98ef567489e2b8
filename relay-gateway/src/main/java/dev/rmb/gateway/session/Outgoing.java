package dev.rmb.gateway.session;

import dev.rmb.cluster.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The way to the client: deliveries, and the probes that have them confirmed. Confined to the
 * session's loop.
 */
final class Outgoing {
    /** So many bytes are asked about at once: the owner's window may be one of bytes. */
    private static final int PROBE_AFTER_BYTES = 128 * 1024;

    private final Session session;
    private final SessionLoop loop;
    private final Connection connection;
    private final SessionMetrics metrics;
    private final int probeAfter;
    private final Deliveries deliveries = new Deliveries();
    private @Nullable Scope scope;
    private long probedAt;
    private long dueAt;
    private int unprobedBytes;
    private boolean queued;

    Outgoing(Session session, SessionLoop loop, Connection connection, SessionContext context) {
        this.session = session;
        this.loop = loop;
        this.connection = connection;
        this.metrics = context.metrics();
        this.probeAfter = context.settings().probeAfter();
        this.probedAt = loop.nowMs() - loop.probeIntervalMs();
    }

    void deliver(Scope from, long number, long offset, byte[] envelope, @Nullable Origin origin) {
        if (!from.is(scope)) {
            scope = from;
            deliveries.begin();
        }
        switch (deliveries.take(number, offset, origin)) {
            case WRITE -> {
                if (connection.deliver(envelope, deliveries.mark())) {
                    // As good as asked: the time for the answer begins.
                    var _ = deliveries.probe();
                    session.probed();
                } else {
                    unprobedBytes += envelope.length;
                }
                metrics.delivered.inc();
                metrics.deliveredBytes.inc(envelope.length);
            }
            case REPEATED -> metrics.repeated.inc();
            case GAP -> {
                metrics.gaps.inc();
                from.refuse(session);
            }
        }
    }

    /** Asks for confirmation now or later, if there is something to confirm. */
    void endTurn() {
        long unprobed = deliveries.unprobed();
        if (unprobed == 0) {
            return;
        }
        if (unprobed >= probeAfter
                || unprobedBytes >= PROBE_AFTER_BYTES
                || loop.nowMs() - probedAt >= loop.probeIntervalMs()) {
            probe();
        } else if (!queued) {
            queued = true;
            dueAt = probedAt + loop.probeIntervalMs();
            loop.probeLater(session);
        }
    }

    long probeDueIn(long now) {
        return dueAt - now;
    }

    /** The time that {@link SessionLoop#probeLater} was asked for has come. */
    boolean probeIfDue() {
        queued = false;
        if (deliveries.unprobed() == 0) {
            return false;
        }
        probe();
        return true;
    }

    void probe() {
        connection.probe(deliveries.probe());
        probedAt = loop.nowMs();
        unprobedBytes = 0;
        metrics.probes.inc();
        session.probed();
    }

    /** Returns whether every probe is answered by this. */
    boolean confirmed(long mark) {
        Scope to = scope;
        if (deliveries.confirm(mark) > 0 && to != null) {
            to.acknowledge(session);
        }
        return deliveries.allConfirmed();
    }

    long confirmedNumber() {
        return deliveries.confirmedNumber();
    }

    @Nullable Scope scope() {
        return scope;
    }
}
