package dev.rmb.gateway.session;

import dev.rmb.gateway.accept.Receipt;
import dev.rmb.server.metrics.Stopwatch;
import org.jspecify.annotations.Nullable;

/**
 * An envelope on its way into the log. Ends on the log's thread, is accounted for on the loop of
 * who sent it.
 */
abstract class PendingSend implements Receipt {
    private final SessionLoop loop;
    private final int size;
    private final @Nullable Stopwatch accepting;

    /** Written before it is put into the loop's inbox, read after it was taken out. */
    private Outcome outcome = Outcome.UNCONFIRMED;

    /**
     * @param envelopeBytes of the envelope alone
     */
    PendingSend(SessionLoop loop, SessionMetrics metrics, int envelopeBytes) {
        this.loop = loop;
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
    public final void ended(Outcome how) {
        outcome = how;
        if (accepting != null && how == Outcome.ACCEPTED) {
            accepting.stop();
        }
        loop.ended(this);
    }
}
