package dev.rmb.bench.offline;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.load.SequenceCheck;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketSession;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Fetches what waited for it and checks it. Belongs to its event loop's thread. */
final class DrainSession extends WebSocketSession {
    private final int index;
    private final long run;
    private final int payloadLength;
    private final Arrivals arrivals;
    private final List<SequenceCheck> checks = new ArrayList<>();
    private long foreign;

    DrainSession(
            int index,
            URI relay,
            String token,
            TurnFlush turn,
            long run,
            int payloadLength,
            int senders,
            Arrivals arrivals) {
        super("receiver " + index, relay, token, turn);
        this.index = index;
        this.run = run;
        this.payloadLength = payloadLength;
        this.arrivals = arrivals;
        for (int i = 0; i < senders; i++) {
            checks.add(new SequenceCheck());
        }
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
        SequenceCheck check = checks.get(in.getInt(payload + FrameTemplate.SENDER_AT));
        long before = check.received();
        check.arrived(in.getLong(payload + FrameTemplate.NUMBER_AT));
        if (check.received() > before) {
            arrivals.another();
        }
    }

    /** What came of one sender. */
    SequenceCheck check(int sender) {
        return checks.get(sender);
    }

    /** Messages that are not of this run. */
    long foreign() {
        return foreign;
    }
}
