package dev.rmb.gateway.socket;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
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
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** Where ports are opened, and all connections of a gateway are counted. Thread-safe. */
public final class Sockets {
    /**
     * What may wait in a connection before it counts as not writable. Deliveries are bounded by
     * their window; this says from when on the relay's own answers hold back.
     */
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(128 * 1024, 512 * 1024);

    private static final long CLOSE_MS = 2_000;

    private final EventLoops loops;
    private final ConnectionSettings settings;
    private final Remotes remotes;
    private final ChannelGroup connections =
            new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE);
    private final Counter accepted;
    private final Counter turnedAway;

    public Sockets(EventLoops loops, ConnectionSettings settings, MetricRegistry metrics) {
        this.loops = loops;
        this.settings = settings;
        this.remotes =
                new Remotes(settings, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        this.accepted = metrics.counter("rmb_gateway_connections_accepted_total");
        this.turnedAway = metrics.counter("rmb_gateway_connections_turned_away_total");
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if that port cannot be listened on
     */
    public Listener listen(HostPort at, Arrivals arrivals) throws IOException {
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
                                        arrived(channel, arrivals);
                                    }
                                })
                        .bind(at.socketAddress())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + at, bound.cause());
        }
        var local = (InetSocketAddress) bound.channel().localAddress();
        return new Listener(bound.channel(), at.withPort(local.getPort()));
    }

    /** Waits, bounded, until all connections have ended by themselves. */
    public void awaitConnections() {
        connections.newCloseFuture().awaitUninterruptibly(CLOSE_MS);
    }

    private void arrived(Channel channel, Arrivals arrivals) {
        connections.add(channel);
        accepted.inc();
        SocketAddress from = channel.remoteAddress();
        boolean welcome = remotes.entered(from);
        var _ = channel.closeFuture().addListener(_ -> remotes.left(from));
        if (welcome) {
            arrivals.connected(channel);
        } else {
            turnedAway.inc();
            arrivals.turnedAway(channel);
        }
    }
}
