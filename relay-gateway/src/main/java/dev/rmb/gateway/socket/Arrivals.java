package dev.rmb.gateway.socket;

import io.netty.channel.Channel;

/** Takes the connections of a port. Called on each connection's event loop. */
public interface Arrivals {
    /** A connection came: adds what handles it to its pipeline. */
    void connected(Channel channel);

    /**
     * A connection came that is one too many: tells it so, in the port's protocol, and closes it.
     */
    void turnedAway(Channel channel);
}
