package dev.rmb.bench.idle;

import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketSession;
import io.netty.buffer.ByteBuf;
import java.net.URI;

/** Answers pings, and has no use for anything else. */
final class IdleSession extends WebSocketSession {
    IdleSession(String name, URI relay, String token, TurnFlush turn) {
        super(name, relay, token, turn);
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        // Left over from another run.
    }
}
