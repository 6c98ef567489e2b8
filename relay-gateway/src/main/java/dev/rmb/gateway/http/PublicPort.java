package dev.rmb.gateway.http;

import dev.rmb.gateway.socket.Arrivals;
import dev.rmb.gateway.socket.Listener;
import dev.rmb.gateway.socket.PortOptions;
import dev.rmb.gateway.socket.Refusal;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.server.config.HostPort;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Listens for clients, other relays and whoever else speaks HTTP. */
public final class PublicPort implements AutoCloseable {
    private final HttpSettings settings;
    private final Sockets sockets;
    private final List<HttpRoute> routes = new CopyOnWriteArrayList<>();
    private final AtomicLong bodyBytes = new AtomicLong();
    private @Nullable Listener listener;

    public PublicPort(HttpSettings settings, Sockets sockets) {
        this.settings = settings;
        this.sockets = sockets;
    }

    /** Bytes of request bodies whose end has not come. */
    public long unfinishedBytes() {
        return bodyBytes.get();
    }

    /** Adds a route behind those added before. */
    public void add(HttpRoute route) {
        routes.add(route);
    }

    /**
     * Begins to listen. Call once.
     *
     * @return where it listens
     * @throws IOException if that port cannot be listened on
     */
    public HostPort start(HostPort listen) throws IOException {
        Arrivals arrivals =
                new Arrivals() {
                    @Override
                    public void connected(Channel channel) {
                        handler(channel).start();
                    }

                    @Override
                    public void turnedAway(Channel channel, Refusal why) {
                        handler(channel).turnAway(why);
                    }

                    @Override
                    public boolean requestsNameClients() {
                        return settings.clientHeader() != ClientHeader.NONE;
                    }
                };
        Listener started =
                sockets.listen(listen, new PortOptions(true, settings.proxyProtocol()), arrivals);
        listener = started;
        return started.address();
    }

    List<HttpRoute> routes() {
        return routes;
    }

    Sockets sockets() {
        return sockets;
    }

    /** What request bodies hold whose end has not come. */
    AtomicLong bodyBytes() {
        return bodyBytes;
    }

    private RequestHandler handler(Channel channel) {
        return new RequestHandler(settings, this, channel);
    }

    /** Stops accepting. Connections that were upgraded stay with who has them. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
    }
}
