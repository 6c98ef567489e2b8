package dev.rmb.peer.resp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enough of Redis for the users of a peer, in this process and its memory: for a first try, and
 * where nothing needs to outlive the peer. One thread does everything, so that commands are as
 * atomic as a Redis's are.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final int MAX_CLIENTS = 1_000;
    private static final long SWEEP_MS = 100;
    private static final int STOP_SECONDS = 5;

    private final MultiThreadIoEventLoopGroup loop;
    private final ChannelGroup clients;
    private final Channel server;
    private long connections;

    private EmbeddedRedis(EmbeddedRedisSettings settings, InstantSource clock) throws IOException {
        loop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("embedded-redis", true),
                        NioIoHandler.newFactory());
        clients = new DefaultChannelGroup(loop.next());
        var commands = new Commands(new Database(settings.maxBytes()), settings.password(), clock);
        server = bind(settings, commands);
        var _ =
                loop.next()
                        .scheduleAtFixedRate(
                                commands::expire, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the port cannot be had
     */
    public static EmbeddedRedis start(EmbeddedRedisSettings settings) throws IOException {
        return new EmbeddedRedis(settings, InstantSource.system());
    }

    private Channel bind(EmbeddedRedisSettings settings, Commands commands) throws IOException {
        var bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(64 * 1024, 1 << 20))
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        accept(channel, commands);
                                    }
                                })
                        .bind(settings.host(), settings.port())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException(
                    "the embedded Redis cannot listen on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    private void accept(SocketChannel channel, Commands commands) {
        if (clients.size() >= MAX_CLIENTS) {
            log.debug("More than {} clients of the embedded Redis", MAX_CLIENTS);
            var _ = channel.close();
            return;
        }
        clients.add(channel);
        channel.pipeline().addLast(new RespReader(), new RespSession(++connections, commands));
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** What it holds is gone. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        clients.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
