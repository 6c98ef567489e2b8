package dev.rmb.gateway.session;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.EnvelopeHeader.Kind;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way from the client into the log, and the answers that the relay itself gives. See
 * protocol.md, "Peer → relay". Confined to the session's loop.
 */
final class Incoming {
    private static final String WRONG_SOURCE = "message wrong source";
    private static final String NO_DESTINATION = "message with missing destination";
    private static final String BUSY = "relay busy, try again";
    private static final String NOT_CONFIRMED = "not confirmed, may still arrive";

    /** The relay's own errors have no number (contracts.md, "Relay error texts"). */
    private static final int CODE = 0;

    private final Session session;
    private final SessionLoop loop;
    private final EnvelopeLog log;
    private final SessionMetrics metrics;
    private final long maxInFlight;
    private final Address address;
    private final byte @Nullable [] connectionName;
    private final Intake intake = new Intake();

    Incoming(Session session, SessionLoop loop, Address address, SessionContext context) {
        this.session = session;
        this.loop = loop;
        this.log = context.log();
        this.metrics = context.metrics();
        this.maxInFlight = context.settings().inFlight().toBytes();
        this.address = address;
        String name = address.connection();
        this.connectionName = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
    }

    void received(byte[] envelope) {
        metrics.received.inc();
        metrics.receivedBytes.inc(envelope.length);
        EnvelopeHeader header;
        try {
            header = EnvelopeHeader.scan(envelope);
        } catch (MalformedEnvelopeException e) {
            session.end(Ending.NOT_AN_ENVELOPE);
            return;
        }
        boolean ours = header.sourceIs(address.twin(), connectionName);
        if (header.kind() == Kind.PING) {
            if (ours) {
                pong(envelope);
            }
        } else if (!ours) {
            refuse(header, WRONG_SOURCE);
        } else if (header.destinationTwin() == 0) {
            refuse(header, NO_DESTINATION);
        } else {
            send(header, envelope);
        }
    }

    /** Whether nothing is under way any more. */
    boolean isEmpty() {
        return intake.isEmpty();
    }

    SessionLoop loop() {
        return loop;
    }

    void ended(PendingSend send) {
        switch (send.outcome()) {
            case ACCEPTED -> {}
            case NOT_SENT -> {
                metrics.notSent.inc();
                failed(send, BUSY);
            }
            case UNCONFIRMED -> {
                metrics.unconfirmed.inc();
                failed(send, NOT_CONFIRMED);
            }
        }
        intake.ended(send.stage, send.size, session);
        if (intake.bytes() <= maxInFlight / 2) {
            session.resume(Session.IN_FLIGHT);
        }
        session.sendEnded();
    }

    private void send(EnvelopeHeader header, byte[] envelope) {
        int size = envelope.length + SessionLoop.RECORD_OVERHEAD;
        var send =
                new PendingSend(
                        this,
                        intake.sent(size),
                        size,
                        header.kind() == Kind.REQUEST ? header : null);
        loop.sending(size);
        log.send(header.destinationTwin(), envelope, loop.clockMs(), send);
        holdBack();
    }

    private void holdBack() {
        if (intake.bytes() >= maxInFlight) {
            session.pause(Session.IN_FLIGHT);
        }
    }

    private void pong(byte[] ping) {
        Envelope pong;
        try {
            pong = Envelopes.pongOf(Envelope.parseFrom(ping));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what could be scanned cannot be parsed", e);
        }
        intake.answerInTurn(pong.toByteArray(), session);
        holdBack();
    }

    /** Told to who sent a request; others get no answer from the relay. */
    private void refuse(EnvelopeHeader header, String reason) {
        metrics.refused.inc();
        if (header.kind() == Kind.REQUEST) {
            error(header, reason);
        }
    }

    private void failed(PendingSend send, String reason) {
        EnvelopeHeader request = send.request;
        if (request != null) {
            error(request, reason);
        } else {
            // Nobody can be told that this one is missing, so the client must learn that it is.
            session.end(Ending.NOT_ACCEPTED);
        }
    }

    private void error(EnvelopeHeader request, String reason) {
        long nowSeconds = TimeUnit.MILLISECONDS.toSeconds(loop.clockMs());
        session.give(
                Envelopes.relayError(request.uid(), address, CODE, reason, nowSeconds)
                        .toByteArray());
    }
}
