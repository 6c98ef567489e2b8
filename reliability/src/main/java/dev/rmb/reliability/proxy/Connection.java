package dev.rmb.reliability.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/** A connection through the proxy. Belongs to its event loop. */
final class Connection {
    private final Channel client;
    private final int clientPort;
    private @Nullable Channel server;
    private Weather weather;
    private @Nullable Forwarder there;
    private @Nullable Forwarder back;

    Connection(Channel client, int clientPort, Weather weather) {
        this.client = client;
        this.clientPort = clientPort;
        this.weather = weather;
    }

    /** The other side answered: from now on it is forwarded. */
    void connected(Channel server) {
        this.server = server;
        there = new Forwarder(this, server);
        back = new Forwarder(this, client);
        client.pipeline().addLast(there);
        server.pipeline().addLast(back);
        client.config().setAutoRead(true);
        server.config().setAutoRead(true);
    }

    Weather weather() {
        return weather;
    }

    void weather(Weather weather) {
        this.weather = weather;
        if (weather instanceof Weather.Cut) {
            end();
        }
    }

    int clientPort() {
        return clientPort;
    }

    /** Breaks both sides with RST. */
    void end() {
        if (there != null) {
            there.drop();
        }
        if (back != null) {
            back.drop();
        }
        reset(client);
        if (server != null) {
            reset(server);
        }
    }

    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        var _ = channel.close();
    }
}
