package dev.rmb.bench.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends to its receivers in turn, at the run's pace; takes the answers, if there are any. */
final class SenderSession extends Session {
    /** Different error texts kept; further ones are counted as one. */
    private static final int MAX_TEXTS = 100;

    private final int index;
    private final long run;
    private final int payloadLength;
    private final List<FrameTemplate> targets;
    private final long[] sentTo;
    private final @Nullable SequenceCheck[] answersFrom;
    private final Map<String, Long> errors = new TreeMap<>();

    /** Arrivals on other loops that this one was not told of yet. */
    private final AtomicLong answeredElsewhere = new AtomicLong();

    private @Nullable Pace pace;
    private long sent;
    private long answered;

    /**
     * A sender for one channel.
     *
     * @param run the run's id
     * @param payloadLength in bytes
     * @param targets its receivers, by what it sends to each
     * @param receiverCount how many receivers the run has
     */
    SenderSession(
            int index,
            URI relay,
            String token,
            LoadLoop loop,
            long run,
            int payloadLength,
            List<FrameTemplate> targets,
            int receiverCount) {
        super("sender " + index, relay, token, loop);
        this.index = index;
        this.run = run;
        this.payloadLength = payloadLength;
        this.targets = targets;
        this.sentTo = new long[targets.size()];
        this.answersFrom = new SequenceCheck[receiverCount];
    }

    int index() {
        return index;
    }

    /** How many went to each of its receivers. */
    long[] sentToEach() {
        return sentTo.clone();
    }

    /** What the relay answered instead of delivering, and how often. */
    Map<String, Long> errors() {
        return errors;
    }

    void start(Pace pace) {
        this.pace = pace;
        pump();
    }

    void stop() {
        pace = null;
    }

    /** Tells that one of this sender's messages arrived. On any thread. */
    void arrived() {
        if (loop().eventLoop().inEventLoop()) {
            answered++;
            pump();
        } else if (answeredElsewhere.getAndIncrement() == 0) {
            loop().eventLoop().execute(this::takeAnswered);
        }
    }

    private void takeAnswered() {
        answered += answeredElsewhere.getAndSet(0);
        pump();
    }

    @Override
    protected void writable() {
        pump();
    }

    /** Sends what may be sent. */
    void pump() {
        Pace current = pace;
        if (current == null) {
            return;
        }
        long now = System.nanoTime();
        long allowed = current.allowed(index, answered, now);
        while (sent < allowed && isWritable()) {
            long intended = current.intendedNanos(index, sent, now);
            loop().recordLateness(now - intended);
            send(intended);
        }
    }

    private void send(long timeNanos) {
        int target = (int) (sent % targets.size());
        FrameTemplate template = targets.get(target);
        template.write(output(template.frameLength()), sentTo[target], timeNanos);
        sentTo[target]++;
        sent++;
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        int payload = at + length - payloadLength;
        if (payload >= at
                && in.getLong(payload + FrameTemplate.RUN_AT) == run
                && in.getInt(payload + FrameTemplate.SENDER_AT) == index) {
            check(in.getInt(payload + FrameTemplate.RECEIVER_AT))
                    .arrived(in.getLong(payload + FrameTemplate.NUMBER_AT));
            loop().recordLatency(System.nanoTime() - in.getLong(payload + FrameTemplate.TIME_AT));
        } else {
            error(in, at, length);
        }
        answered++;
        pump();
    }

    /** The answers of one receiver. */
    SequenceCheck check(int receiver) {
        SequenceCheck check = answersFrom[receiver];
        if (check == null) {
            check = new SequenceCheck();
            answersFrom[receiver] = check;
        }
        return check;
    }

    private void error(ByteBuf in, int at, int length) {
        byte[] envelope = new byte[length];
        in.getBytes(at, envelope);
        String text = errorText(envelope);
        errors.merge(errors.size() < MAX_TEXTS ? text : "others", 1L, Long::sum);
    }

    private static String errorText(byte[] bytes) {
        try {
            Envelope envelope = Envelope.parseFrom(bytes);
            return envelope.hasError()
                    ? envelope.getError().getMessage()
                    : "unexpected " + envelope.getMessageCase();
        } catch (InvalidProtocolBufferException e) {
            return "not an envelope";
        }
    }
}
