package dev.rmb.gateway.session;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Envelopes of a client that has no session to be answered in: they are judged as if they came over
 * one, and what became of all of them together is told once. Either all are right, or none is sent.
 * Confined to its loop.
 */
public final class Submission {
    private static final String NOT_AN_ENVELOPE = "not an envelope";

    /** What became of it. */
    public sealed interface Outcome {
        /**
         * All are in the log.
         *
         * @param pong the answer to the last of them that was an application ping
         */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Accepted(byte @Nullable [] pong) implements Outcome {}

        /**
         * At least one of them is not.
         *
         * @param text goes to the client
         */
        record Failed(Failure why, String text) implements Outcome {}
    }

    /** Why it failed. */
    public enum Failure {
        /** There is something that is no envelope; none was sent. */
        NOT_AN_ENVELOPE,
        /** Something is not from the client's own address; none was sent. */
        WRONG_SOURCE,
        /** Something goes nowhere; none was sent. */
        NO_DESTINATION,
        /** The twin has sent too much in this minute; none was sent. */
        RATE_LIMITED,
        /** The text names those that were not sent. */
        BUSY,
        /** The text names those that may be in the log or not. */
        NOT_CONFIRMED
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Judged(int at, EnvelopeHeader header, byte[] envelope) {}

    private final SessionLoop loop;
    private final SessionContext context;
    private final Consumer<Outcome> then;
    private final Inspector inspector;
    private final List<String> notSent = new ArrayList<>();
    private final List<String> unconfirmed = new ArrayList<>();
    private int count;
    private int open;
    private byte @Nullable [] pong;

    private Submission(
            Address address, SessionLoop loop, SessionContext context, Consumer<Outcome> then) {
        this.loop = loop;
        this.context = context;
        this.then = then;
        this.inspector = new Inspector(address, context.limiter());
    }

    /** Judges and sends. On the loop, where {@code then} is told, perhaps before this returns. */
    static void submit(
            Address address,
            List<byte[]> envelopes,
            SessionLoop loop,
            SessionContext context,
            Consumer<Outcome> then) {
        loop.refreshClock();
        new Submission(address, loop, context, then).submit(envelopes);
    }

    private void submit(List<byte[]> envelopes) {
        count = envelopes.size();
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Outcome.Failed failed = judge(i, envelopes.get(i), judged);
            if (failed != null) {
                then.accept(failed);
                return;
            }
        }
        if (!judged.isEmpty() && loop.isFull()) {
            then.accept(new Outcome.Failed(Failure.BUSY, Answers.BUSY));
            return;
        }
        // One more than there are, so that it does not end before all are sent.
        open = judged.size() + 1;
        judged.forEach(this::send);
        oneEnded();
    }

    private Outcome.@Nullable Failed judge(int at, byte[] envelope, List<Judged> into) {
        context.metrics().received(envelope);
        EnvelopeHeader header;
        try {
            header = EnvelopeHeader.scan(envelope);
        } catch (MalformedEnvelopeException e) {
            return new Outcome.Failed(Failure.NOT_AN_ENVELOPE, named(at, NOT_AN_ENVELOPE));
        }
        Verdict verdict = inspector.judge(header, envelope.length, loop.clockMs());
        return switch (verdict) {
            case SEND -> {
                into.add(new Judged(at, header, envelope));
                yield null;
            }
            case PING -> {
                pong = Answers.pongOf(envelope);
                yield null;
            }
            case IGNORE -> null;
            case WRONG_SOURCE -> refused(Failure.WRONG_SOURCE, at, verdict);
            case NO_DESTINATION -> refused(Failure.NO_DESTINATION, at, verdict);
            case RATE_LIMITED -> refused(Failure.RATE_LIMITED, at, verdict);
        };
    }

    private Outcome.Failed refused(Failure why, int at, Verdict verdict) {
        context.metrics().refused(verdict);
        return new Outcome.Failed(why, named(at, verdict.reason()));
    }

    private void send(Judged judged) {
        var send =
                new PendingSend(
                        loop, context.metrics(), judged.header(), judged.envelope().length) {
                    @Override
                    void account(Receipt.Outcome how) {
                        context.metrics().ended(how);
                        switch (how) {
                            case ACCEPTED -> {}
                            case NOT_SENT -> notSent.add(named(judged.at(), Answers.BUSY));
                            case UNCONFIRMED ->
                                    unconfirmed.add(named(judged.at(), Answers.NOT_CONFIRMED));
                        }
                        oneEnded();
                    }
                };
        loop.sending(send.size());
        context.log()
                .send(
                        RecordHeader.Kind.PEER,
                        judged.header().destinationTwin(),
                        judged.envelope(),
                        loop.clockMs(),
                        send);
    }

    private void oneEnded() {
        open--;
        if (open > 0) {
            return;
        }
        if (notSent.isEmpty() && unconfirmed.isEmpty()) {
            then.accept(new Outcome.Accepted(pong));
            return;
        }
        List<String> all = new ArrayList<>(notSent);
        all.addAll(unconfirmed);
        then.accept(
                new Outcome.Failed(
                        unconfirmed.isEmpty() ? Failure.BUSY : Failure.NOT_CONFIRMED,
                        String.join("\n", all)));
    }

    /** Says which one it is about, counted from 1, if there are several. */
    private String named(int at, String text) {
        return count == 1 ? text : "envelope " + (at + 1) + ": " + text;
    }
}
