package dev.rmb.bench.storm;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketSession;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.List;

/** Sends a message to each address. Belongs to its event loop's thread. */
final class StormSender extends WebSocketSession {
    private final List<FrameTemplate> frames;
    private long number;
    private int next;
    private int refused;

    StormSender(URI relay, String token, TurnFlush turn, List<FrameTemplate> frames) {
        super("sender", relay, token, turn);
        this.frames = frames;
        this.next = frames.size();
    }

    /** Sends a message with this number to each of them. */
    void sendAll(long withNumber) {
        number = withNumber;
        next = 0;
        writable();
    }

    @Override
    protected void writable() {
        while (next < frames.size() && isWritable()) {
            FrameTemplate frame = frames.get(next++);
            frame.write(output(frame.frameLength()), number, System.nanoTime());
        }
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        refused++;
    }

    /** The relay's error answers. */
    int refused() {
        return refused;
    }
}
