package dev.rmb.gateway.socket;

import io.netty.channel.Channel;

/** Takes the connections of a port. Called on each connection's event loop. */
public interface Arrivals {
    /** A connection came: adds what handles it to its pipeline. */
    void connected(Channel channel);

    /** A connection came that may not stay: tells it so, in the port's protocol, and closes it. */
    void turnedAway(Channel channel, Refusal why);

    /**
     * Whether requests of a trusted proxy may name the client they are from, so that it is only
     * then that the port asks {@link Sockets#enter} for it.
     */
    default boolean requestsNameClients() {
        return false;
    }
}
