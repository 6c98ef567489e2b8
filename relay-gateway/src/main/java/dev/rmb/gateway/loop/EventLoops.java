package dev.rmb.gateway.loop;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of a gateway. */
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
     * @throws IllegalArgumentException if this machine has none of that kind
     */
    public static EventLoops start(String name, int threads, IoKind kind) {
        var factory = new DefaultThreadFactory(name + "-loop", true);
        IoKind used = kind == IoKind.AUTO ? preferred() : kind;
        return switch (used) {
            case AUTO, NIO ->
                    new EventLoops(
                            new MultiThreadIoEventLoopGroup(
                                    threads, factory, NioIoHandler.newFactory()),
                            NioServerSocketChannel.class);
            case EPOLL -> {
                require(Epoll.isAvailable(), used, Epoll.unavailabilityCause());
                yield new EventLoops(
                        new MultiThreadIoEventLoopGroup(
                                threads, factory, EpollIoHandler.newFactory()),
                        EpollServerSocketChannel.class);
            }
            case IO_URING -> {
                require(IoUring.isAvailable(), used, IoUring.unavailabilityCause());
                yield new EventLoops(
                        new MultiThreadIoEventLoopGroup(
                                threads, factory, IoUringIoHandler.newFactory()),
                        IoUringServerSocketChannel.class);
            }
        };
    }

    /** Which kinds there are on this machine. */
    public static Set<IoKind> available() {
        Set<IoKind> kinds = EnumSet.of(IoKind.AUTO, IoKind.NIO);
        if (Epoll.isAvailable()) {
            kinds.add(IoKind.EPOLL);
        }
        if (IoUring.isAvailable()) {
            kinds.add(IoKind.IO_URING);
        }
        return kinds;
    }

    /**
     * Not io_uring: it is younger, many hosts forbid it, and what it saves is nothing beside the
     * way into the log.
     */
    private static IoKind preferred() {
        if (Epoll.isAvailable()) {
            return IoKind.EPOLL;
        }
        log.info("Sockets use NIO: epoll is not available here");
        return IoKind.NIO;
    }

    private static void require(boolean there, IoKind kind, @Nullable Throwable why) {
        if (!there) {
            throw new IllegalArgumentException(
                    "gateway.io: "
                            + kind.name().toLowerCase(Locale.ROOT)
                            + " is not available here: "
                            + (why == null ? "" : why.getMessage()));
        }
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
