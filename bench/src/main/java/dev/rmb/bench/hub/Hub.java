package dev.rmb.bench.hub;

import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.protocol.Address;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The least that carries envelopes from one WebSocket to another: one event loop, Netty's codecs, a
 * map from addresses to channels. It believes every token, stores nothing, acknowledges nothing and
 * drops what is for nobody. What a relay needs more than this is what its promises cost.
 */
public final class Hub implements AutoCloseable {
    /** No request before the upgrade has a body. */
    private static final int MAX_REQUEST_BODY = 1024;

    private static final int BACKLOG = 1024;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;

    /** All connections and the listener. */
    private final ChannelGroup channels;

    private Hub(MultiThreadIoEventLoopGroup group, Channel listener, ChannelGroup channels) {
        this.group = group;
        this.listener = listener;
        this.channels = channels;
    }

    /**
     * Starts listening.
     *
     * @param address where; port 0 for any free one
     * @return the hub, which the caller closes
     */
    public static Hub start(InetSocketAddress address) {
        Transport transport = Transport.best();
        MultiThreadIoEventLoopGroup group = transport.loops(1, "bench-hub");
        EventLoop loop = group.next();
        // One loop, so that its thread owns all of this.
        var turn = new TurnFlush(loop);
        Map<Address, HubSession> sessions = new HashMap<>();
        ChannelGroup channels = new DefaultChannelGroup(loop);
        Channel listener =
                new ServerBootstrap()
                        .group(loop, loop)
                        .channel(transport.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channels.add(channel);
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(MAX_REQUEST_BODY))
                                                .addLast(new HubUpgrade(sessions, turn));
                                    }
                                })
                        .bind(address)
                        .syncUninterruptibly()
                        .channel();
        channels.add(listener);
        return new Hub(group, listener, channels);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Waits until it is closed. */
    public void awaitClosed() throws InterruptedException {
        listener.closeFuture().await();
    }

    @Override
    public void close() {
        channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
