package dev.rmb.cluster.link;

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

/** The sockets of a router's links, on epoll where there is one. */
final class LinkChannels {
    /** One gateway's stream keeps one busy; two keep gateways from waiting for each other. */
    private static final int THREADS = 2;

    private static final long STOP_MS = 2_000;

    private LinkChannels() {}

    static EventLoopGroup loops(String pod) {
        var factory = new DefaultThreadFactory(pod + "-link-io", true);
        return new MultiThreadIoEventLoopGroup(
                THREADS,
                factory,
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** A channel that can listen on {@link #loops}. */
    static ServerChannel listening() {
        return Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    static void stop(EventLoopGroup loops) {
        loops.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * STOP_MS);
    }
}
