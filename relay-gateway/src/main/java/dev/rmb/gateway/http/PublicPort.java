package dev.rmb.gateway.http;

import dev.rmb.gateway.loop.EventLoops;
import dev.rmb.server.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Listens for clients, other relays and whoever else speaks HTTP. */
public final class PublicPort implements AutoCloseable {
    /**
     * What may wait in a connection before it counts as not writable. Deliveries are bounded by
     * their window; this says from when on the relay's own answers hold back.
     */
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(128 * 1024, 512 * 1024);

    private static final long CLOSE_MS = 2_000;

    private final HttpSettings settings;
    private final EventLoops loops;
    private final List<HttpRoute> routes = new CopyOnWriteArrayList<>();
    private final ChannelGroup connections =
            new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE);
    private @Nullable Channel server;

    public PublicPort(HttpSettings settings, EventLoops loops) {
        this.settings = settings;
        this.loops = loops;
    }

    /** Adds a route behind those added before. */
    public void add(HttpRoute route) {
        routes.add(route);
    }

    /**
     * Begins to listen. Call once.
     *
     * @return where it listens
     */
    public InetSocketAddress start(HostPort listen) throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, settings.backlog())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connections.add(channel);
                                        new RequestHandler(settings, routes)
                                                .addTo(channel.pipeline());
                                    }
                                })
                        .bind(listen.socketAddress())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + listen, bound.cause());
        }
        server = bound.channel();
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Waits, bounded, until all connections have ended by themselves. */
    public void awaitConnections() {
        connections.newCloseFuture().awaitUninterruptibly(CLOSE_MS);
    }

    /** Stops accepting. Connections that were upgraded stay with who has them. */
    @Override
    public void close() {
        if (server != null) {
            server.close().awaitUninterruptibly(CLOSE_MS);
        }
    }
}
