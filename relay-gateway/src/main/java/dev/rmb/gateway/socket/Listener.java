package dev.rmb.gateway.socket;

import dev.rmb.server.config.HostPort;
import io.netty.channel.Channel;

/** A port that takes connections. */
public final class Listener implements AutoCloseable {
    private static final long CLOSE_MS = 2_000;

    private final Channel server;
    private final HostPort address;

    Listener(Channel server, HostPort address) {
        this.server = server;
        this.address = address;
    }

    /** Where it listens. */
    public HostPort address() {
        return address;
    }

    /** Stops accepting. Connections stay with who has them. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly(CLOSE_MS);
    }
}
