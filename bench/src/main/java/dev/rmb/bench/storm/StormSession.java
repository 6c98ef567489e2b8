package dev.rmb.bench.storm;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.load.SequenceCheck;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketSession;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.function.IntConsumer;

/** One connection of an address; the address and what it got outlive it. */
final class StormSession extends WebSocketSession {
    private final int index;
    private final long run;
    private final int payloadLength;
    private final SequenceCheck check;
    private final IntConsumer arrived;

    /**
     * A session for one channel.
     *
     * @param check what the address got, owned by the event loop
     * @param arrived is told the index with each message
     */
    StormSession(
            int index,
            URI relay,
            String token,
            TurnFlush turn,
            long run,
            int payloadLength,
            SequenceCheck check,
            IntConsumer arrived) {
        super("session " + index, relay, token, turn);
        this.index = index;
        this.run = run;
        this.payloadLength = payloadLength;
        this.check = check;
        this.arrived = arrived;
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        int payload = at + length - payloadLength;
        if (payload >= at
                && in.getLong(payload + FrameTemplate.RUN_AT) == run
                && in.getInt(payload + FrameTemplate.RECEIVER_AT) == index) {
            check.arrived(in.getLong(payload + FrameTemplate.NUMBER_AT));
            arrived.accept(index);
        }
    }
}
