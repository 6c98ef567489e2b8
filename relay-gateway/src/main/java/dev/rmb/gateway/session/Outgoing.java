package dev.rmb.gateway.session;

import dev.rmb.cluster.Origin;
import dev.rmb.gateway.session.SessionView.Traffic;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import dev.rmb.server.metrics.Stopwatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the client: deliveries, and the probes that have them confirmed. Confined to the
 * session's loop.
 */
final class Outgoing {
    private static final Logger log = LoggerFactory.getLogger(Outgoing.class);

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
    private long delivered;
    private long deliveredBytes;

    /** Measures the delivery with this mark, if any. */
    private @Nullable Stopwatch delivering;

    private long deliveringMark;

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
                measure();
                if (log.isTraceEnabled()) {
                    trace(offset, envelope);
                }
                if (connection.deliver(envelope, deliveries.mark())) {
                    // As good as asked: the time for the answer begins.
                    var _ = deliveries.probe();
                    session.probed();
                } else {
                    unprobedBytes += envelope.length;
                }
                delivered++;
                deliveredBytes += envelope.length;
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

    /** So that one envelope can be followed by its uid. */
    private void trace(long offset, byte[] envelope) {
        try {
            String uid = EnvelopeHeader.scan(envelope).uid();
            log.atTrace()
                    .addKeyValue("uid", uid)
                    .addKeyValue("session", session.id())
                    .log("Envelope {} (offset {}) goes to session {}", uid, offset, session.id());
        } catch (MalformedEnvelopeException e) {
            log.trace("What is no envelope (offset {}) goes to session {}", offset, session.id());
        }
    }

    private void measure() {
        if (delivering == null && loop.measuresDelivery()) {
            delivering = metrics.deliver.start();
            deliveringMark = deliveries.mark();
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
        Stopwatch measuring = delivering;
        if (deliveries.confirm(mark) > 0 && to != null) {
            to.acknowledge(session);
        }
        if (measuring != null && deliveries.isConfirmed(deliveringMark)) {
            delivering = null;
            measuring.stop();
        }
        return deliveries.allConfirmed();
    }

    long confirmedNumber() {
        return deliveries.confirmedNumber();
    }

    Traffic traffic() {
        return new Traffic(delivered, deliveredBytes);
    }

    /** How many deliveries the client has not confirmed. */
    long unconfirmed() {
        return deliveries.unconfirmed();
    }

    @Nullable Scope scope() {
        return scope;
    }
}
