package dev.rmb.bench.load;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Receives and checks the numbers; measures the latency, or answers. */
final class ReceiverSession extends Session {
    private final int index;
    private final long run;
    private final int payloadLength;
    private final List<SenderSession> senders;
    private final @Nullable SequenceCheck[] checks;

    /** What goes back to each sender; empty if messages are no calls. */
    private final Map<Integer, FrameTemplate> answers = new HashMap<>();

    private long foreign;

    /**
     * A receiver for one channel.
     *
     * @param run the run's id; other messages are left over from earlier runs
     * @param payloadLength in bytes
     * @param senders all senders, complete before the run starts
     * @param senderCount how many there will be
     */
    ReceiverSession(
            int index,
            URI relay,
            String token,
            LoadLoop loop,
            long run,
            int payloadLength,
            List<SenderSession> senders,
            int senderCount) {
        super("receiver " + index, relay, token, loop);
        this.index = index;
        this.run = run;
        this.payloadLength = payloadLength;
        this.senders = senders;
        this.checks = new SequenceCheck[senderCount];
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        int payload = at + length - payloadLength;
        if (payload < at
                || in.getLong(payload + FrameTemplate.RUN_AT) != run
                || in.getInt(payload + FrameTemplate.RECEIVER_AT) != index) {
            foreign++;
            return;
        }
        int sender = in.getInt(payload + FrameTemplate.SENDER_AT);
        long number = in.getLong(payload + FrameTemplate.NUMBER_AT);
        long time = in.getLong(payload + FrameTemplate.TIME_AT);
        check(sender).arrived(number);
        FrameTemplate answer = answers.get(sender);
        if (answer != null) {
            answer.write(output(answer.frameLength()), number, time);
            return;
        }
        loop().recordLatency(System.nanoTime() - time);
        senders.get(sender).arrived();
    }

    /** Before the run: messages of this sender are answered. */
    void answer(int sender, FrameTemplate answer) {
        answers.put(sender, answer);
    }

    /** What arrived from one sender. */
    SequenceCheck check(int sender) {
        SequenceCheck check = checks[sender];
        if (check == null) {
            check = new SequenceCheck();
            checks[sender] = check;
        }
        return check;
    }

    /** Messages that are not of this run. */
    long foreign() {
        return foreign;
    }
}
