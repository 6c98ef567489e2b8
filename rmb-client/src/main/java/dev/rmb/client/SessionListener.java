package dev.rmb.client;

import java.net.URI;

/**
 * Hears what becomes of a session's connections. Called on the session's own thread, one call after
 * the other: must neither block nor throw.
 */
public interface SessionListener {
    /** Hears nothing. */
    SessionListener NONE = new SessionListener() {};

    /**
     * A connection is open, for the first time or again.
     *
     * @param relay to which
     */
    default void connected(URI relay) {}

    /**
     * An attempt to connect failed. It is repeated until the session is closed.
     *
     * @param relay to which
     * @param reason what it failed of
     */
    default void notConnected(URI relay, RelayConnectException reason) {}

    /**
     * A connection was lost. It is opened again until the session is closed.
     *
     * @param relay to which
     */
    default void disconnected(URI relay) {}
}
