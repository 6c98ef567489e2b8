package dev.rmb.gateway.session;

import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.gateway.offers.Sender;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.EnvelopeHeader.Kind;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from the client into the log, and the answers that the relay itself gives. See
 * docs/specification.md, 8.2. Confined to the session's loop.
 */
final class Incoming {
    private static final Logger logger = LoggerFactory.getLogger(Incoming.class);

    /** The relay's own errors have no number (contracts.md, "Relay error texts"). */
    private static final int CODE = 0;

    private final Session session;
    private final SessionLoop loop;
    private final EnvelopeLog log;
    private final SessionMetrics metrics;
    private final long maxInFlight;
    private final Inspector inspector;
    private final Intake intake = new Intake();
    private final Sender sender;

    /** An envelope of this session. */
    private final class Sent extends PendingSend {
        private final Intake.Stage stage;

        /** Of a request, whose sender is told if it fails; others keep nothing of the envelope. */
        private final @Nullable EnvelopeHeader request;

        Sent(EnvelopeHeader header, int envelopeBytes) {
            super(loop, metrics, header, envelopeBytes);
            this.stage = intake.sent(size());
            this.request = header.kind() == Kind.REQUEST ? header : null;
        }

        @Override
        void account(Receipt.Outcome how) {
            sent(this, how);
        }
    }

    Incoming(Session session, SessionLoop loop, Address address, SessionContext context) {
        this.session = session;
        this.loop = loop;
        this.log = context.log();
        this.metrics = context.metrics();
        this.maxInFlight = context.settings().inFlight().toBytes();
        this.inspector = new Inspector(address, context.limiter());
        this.sender = new Sender(loop.offers());
    }

    void received(byte[] envelope) {
        metrics.received(envelope);
        EnvelopeHeader header;
        try {
            header = EnvelopeHeader.scan(envelope);
        } catch (MalformedEnvelopeException e) {
            session.end(Ending.NOT_AN_ENVELOPE);
            return;
        }
        Verdict verdict = inspector.judge(header, envelope.length, loop.clockMs());
        switch (verdict) {
            case SEND -> send(header, envelope);
            case PING -> pong(envelope);
            case IGNORE -> {}
            case WRONG_SOURCE, NO_DESTINATION, RATE_LIMITED -> {
                metrics.refused(verdict);
                loop.turnedDown(header, verdict);
                // Others than requesters get no answer from the relay.
                if (header.kind() == Kind.REQUEST) {
                    error(header, verdict.reason());
                }
            }
        }
    }

    /** What is under way, and the answers that wait for it. */
    long bytes() {
        return intake.bytes();
    }

    /** Whether nothing is under way any more. */
    boolean isEmpty() {
        return intake.isEmpty();
    }

    private void sent(Sent send, Receipt.Outcome how) {
        metrics.ended(how);
        switch (how) {
            case ACCEPTED -> {}
            case NOT_SENT -> failed(send, Answers.BUSY);
            case UNCONFIRMED -> failed(send, Answers.NOT_CONFIRMED);
        }
        long before = intake.bytes();
        intake.ended(send.stage, send.size(), session);
        // The send itself is the loop's business; what waited for it is no longer under way either.
        loop.sending(intake.bytes() + send.size() - before);
        if (intake.bytes() <= maxInFlight / 2) {
            session.resume(Session.IN_FLIGHT);
        }
        session.sendEnded();
    }

    private void send(EnvelopeHeader header, byte[] envelope) {
        if (logger.isTraceEnabled()) {
            trace(header.uid());
        }
        var send = new Sent(header, envelope.length);
        loop.sending(send.size());
        log.send(header.destinationTwin(), envelope, loop.clockMs(), sender, send);
        holdBack();
    }

    private void holdBack() {
        if (intake.bytes() >= maxInFlight) {
            session.pause(Session.IN_FLIGHT);
        }
    }

    private void pong(byte[] ping) {
        long before = intake.bytes();
        intake.answerInTurn(Answers.pongOf(ping), session);
        // Answers that wait are bounded for all clients together, like what they wait for.
        loop.sending(intake.bytes() - before);
        holdBack();
    }

    /** So that one envelope can be followed by its uid. */
    private void trace(String uid) {
        logger.atTrace()
                .addKeyValue("uid", uid)
                .addKeyValue("session", session.id())
                .log("Envelope {} of session {} goes to the log", uid, session.id());
    }

    private void failed(Sent send, String reason) {
        EnvelopeHeader request = send.request;
        if (request != null) {
            logger.atDebug()
                    .addKeyValue("uid", request.uid())
                    .addKeyValue("session", session.id())
                    .log("Envelope {} of session {}: {}", request.uid(), session.id(), reason);
            error(request, reason);
        } else {
            // Nobody can be told that this one is missing, so the client must learn that it is.
            session.end(Ending.NOT_ACCEPTED);
        }
    }

    private void error(EnvelopeHeader request, String reason) {
        long nowSeconds = TimeUnit.MILLISECONDS.toSeconds(loop.clockMs());
        session.give(
                Envelopes.relayError(request.uid(), inspector.address(), CODE, reason, nowSeconds)
                        .toByteArray());
    }
}
