package dev.rmb.bench.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The ways to sockets: epoll where there is one, NIO elsewhere. */
public enum Transport {
    EPOLL(EpollSocketChannel.class, EpollServerSocketChannel.class),
    NIO(NioSocketChannel.class, NioServerSocketChannel.class);

    private final Class<? extends SocketChannel> clientChannel;
    private final Class<? extends ServerChannel> serverChannel;

    Transport(
            Class<? extends SocketChannel> clientChannel,
            Class<? extends ServerChannel> serverChannel) {
        this.clientChannel = clientChannel;
        this.serverChannel = serverChannel;
    }

    /** The best one that works on this machine. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /**
     * Starts event loops; the caller shuts them down.
     *
     * @param threads how many
     * @param name what their threads' names start with
     */
    public MultiThreadIoEventLoopGroup loops(int threads, String name) {
        IoHandlerFactory factory =
                switch (this) {
                    case EPOLL -> EpollIoHandler.newFactory();
                    case NIO -> NioIoHandler.newFactory();
                };
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), factory);
    }

    /** The type of an outgoing connection's channel. */
    public Class<? extends SocketChannel> clientChannel() {
        return clientChannel;
    }

    /** The type of a listening channel. */
    public Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }
}
