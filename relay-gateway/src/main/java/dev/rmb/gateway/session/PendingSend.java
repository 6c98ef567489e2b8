package dev.rmb.gateway.session;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.server.metrics.Stopwatch;
import org.jspecify.annotations.Nullable;

/**
 * An envelope on its way into the log. Ends on the log's thread, is accounted for on the loop of
 * who sent it.
 */
abstract class PendingSend implements Receipt {
    private final SessionLoop loop;
    private final int size;
    private final long destination;
    private final long uidHash;
    private final @Nullable Stopwatch accepting;

    /** Written before it is put into the loop's inbox, read after it was taken out. */
    private Outcome outcome = Outcome.UNCONFIRMED;

    /**
     * @param envelopeBytes of the envelope alone
     */
    PendingSend(
            SessionLoop loop, SessionMetrics metrics, EnvelopeHeader header, int envelopeBytes) {
        this.loop = loop;
        this.destination = header.destinationTwin();
        this.uidHash = header.uidHash();
        this.size = envelopeBytes + SessionLoop.RECORD_OVERHEAD;
        this.accepting = loop.measuresAccept() ? metrics.accept.start() : null;
    }

    /** It has ended: on the loop. */
    abstract void account(Outcome how);

    /** What it weighs while it is under way. */
    final int size() {
        return size;
    }

    final void account() {
        account(outcome);
    }

    @Override
    public final void accepted(int partition, long offset, long acceptedMs) {
        loop.outcomes().note(Fate.ACCEPTED, acceptedMs, partition, destination, uidHash, offset);
        finish(Outcome.ACCEPTED);
    }

    @Override
    public final void ended(Outcome how) {
        if (how != Outcome.ACCEPTED) {
            loop.outcomes()
                    .note(
                            how == Outcome.NOT_SENT ? Fate.NOT_SENT : Fate.UNCONFIRMED,
                            System.currentTimeMillis(),
                            0,
                            destination,
                            uidHash,
                            Outcomes.NOWHERE);
        }
        finish(how);
    }

    private void finish(Outcome how) {
        outcome = how;
        if (accepting != null && how == Outcome.ACCEPTED) {
            accepting.stop();
        }
        loop.ended(this);
    }
}
