package dev.rmb.gateway.loop;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of a gateway, on epoll where there is one. */
public final class EventLoops implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventLoops.class);
    private static final long CLOSE_MS = 3_000;

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> serverChannel;

    private EventLoops(EventLoopGroup group, Class<? extends ServerChannel> serverChannel) {
        this.group = group;
        this.serverChannel = serverChannel;
    }

    /**
     * @param name of the gateway, for the threads'
     * @param threads at least 1
     */
    public static EventLoops start(String name, int threads) {
        var factory = new DefaultThreadFactory(name + "-loop", true);
        if (Epoll.isAvailable()) {
            return new EventLoops(
                    new MultiThreadIoEventLoopGroup(threads, factory, EpollIoHandler.newFactory()),
                    EpollServerSocketChannel.class);
        }
        log.info("Sockets use NIO: epoll is not available here");
        return new EventLoops(
                new MultiThreadIoEventLoopGroup(threads, factory, NioIoHandler.newFactory()),
                NioServerSocketChannel.class);
    }

    public EventLoopGroup group() {
        return group;
    }

    /** What listens on these loops. */
    public Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    /** Ends the threads; waits for them, bounded. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * CLOSE_MS);
    }
}
