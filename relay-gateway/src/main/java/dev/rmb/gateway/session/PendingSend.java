package dev.rmb.gateway.session;

import dev.rmb.gateway.accept.Receipt;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import org.jspecify.annotations.Nullable;

/**
 * An envelope on its way into the log. Ends on the log's thread, is accounted for on the session's
 * loop.
 */
final class PendingSend implements Receipt {
    final Incoming from;
    final Intake.Stage stage;
    final int size;

    /** Of a request, whose sender is told if it fails; others keep nothing of the envelope. */
    final @Nullable EnvelopeHeader request;

    /** Written before it is put into the loop's inbox, read after it was taken out. */
    private Receipt.Outcome outcome = Outcome.UNCONFIRMED;

    PendingSend(Incoming from, Intake.Stage stage, int size, @Nullable EnvelopeHeader request) {
        this.from = from;
        this.stage = stage;
        this.size = size;
        this.request = request;
    }

    @Override
    public void ended(Receipt.Outcome how) {
        outcome = how;
        from.loop().ended(this);
    }

    Receipt.Outcome outcome() {
        return outcome;
    }
}
