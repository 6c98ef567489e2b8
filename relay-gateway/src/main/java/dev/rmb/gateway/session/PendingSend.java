package dev.rmb.gateway.session;

import dev.rmb.gateway.accept.Receipt;

/**
 * An envelope on its way into the log. Ends on the log's thread, is accounted for on the loop of
 * who sent it.
 */
abstract class PendingSend implements Receipt {
    private final SessionLoop loop;
    private final int size;

    /** Written before it is put into the loop's inbox, read after it was taken out. */
    private Outcome outcome = Outcome.UNCONFIRMED;

    /**
     * @param envelopeBytes of the envelope alone
     */
    PendingSend(SessionLoop loop, int envelopeBytes) {
        this.loop = loop;
        this.size = envelopeBytes + SessionLoop.RECORD_OVERHEAD;
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
        loop.ended(this);
    }
}
