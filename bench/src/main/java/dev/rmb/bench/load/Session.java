package dev.rmb.bench.load;

import dev.rmb.bench.net.WebSocketSession;
import java.net.URI;

/** A session of the run, on one of its loops. */
abstract class Session extends WebSocketSession {
    private final LoadLoop loop;

    Session(String name, URI relay, String token, LoadLoop loop) {
        super(name, relay, token, loop.turn());
        this.loop = loop;
    }

    final LoadLoop loop() {
        return loop;
    }
}
