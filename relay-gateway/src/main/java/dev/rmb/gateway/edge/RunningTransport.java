package dev.rmb.gateway.edge;

import dev.rmb.server.config.HostPort;
import org.jspecify.annotations.Nullable;

/** A transport that takes clients, until it is closed. */
public interface RunningTransport extends AutoCloseable {
    /** Where it listens; {@code null} if it has no port of its own. */
    default @Nullable HostPort address() {
        return null;
    }

    /** Stops taking new clients; does not touch the sessions that are open. */
    @Override
    void close();
}
