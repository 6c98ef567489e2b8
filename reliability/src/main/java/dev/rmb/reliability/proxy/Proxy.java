package dev.rmb.reliability.proxy;

import dev.rmb.bench.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * Forwards TCP connections on 127.0.0.1 and decides how they fare. Thread-safe: what it is told
 * happens on its own event loop.
 */
public final class Proxy implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int ACT_SECONDS = 5;

    private final Transport transport = Transport.best();
    private final MultiThreadIoEventLoopGroup group = transport.loops(1, "proxy");
    private final IntSupplier target;
    private final List<Connection> connections = new ArrayList<>();
    private final Channel listener;
    private volatile Weather weather = new Weather.Fair();
    private volatile IntPredicate affected = port -> true;

    private Proxy(IntSupplier target) throws InterruptedException {
        this.target = target;
        this.listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(transport.serverChannel())
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel client) {
                                        accept(client);
                                    }
                                })
                        .bind(HOST, 0)
                        .sync()
                        .channel();
    }

    /**
     * Starts one on a free port.
     *
     * @param port to which it forwards
     */
    public static Proxy start(int port) throws InterruptedException {
        return new Proxy(() -> port);
    }

    /**
     * Starts one on a free port.
     *
     * @param target tells, for each connection, to which port it is forwarded; on any thread
     */
    public static Proxy start(IntSupplier target) throws InterruptedException {
        return new Proxy(target);
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How all connections fare from now on. */
    public void weather(Weather now) throws InterruptedException {
        weather(now, port -> true);
    }

    /**
     * How some connections fare from now on; for the others it is fair.
     *
     * @param whose tells by the client's port whether a connection is meant
     */
    public void weather(Weather now, IntPredicate whose) throws InterruptedException {
        affected = whose;
        weather = now;
        act(() -> {
            for (Connection connection : List.copyOf(connections)) {
                connection.weather(weatherFor(connection.clientPort()));
            }
        });
    }

    private Weather weatherFor(int clientPort) {
        Weather now = weather;
        return affected.test(clientPort) ? now : new Weather.Fair();
    }

    private void accept(Channel client) {
        int clientPort = ((InetSocketAddress) client.remoteAddress()).getPort();
        Weather now = weatherFor(clientPort);
        var connection = new Connection(client, clientPort, now);
        if (now instanceof Weather.Cut) {
            connection.end();
            return;
        }
        connections.add(connection);
        var _ = client.closeFuture().addListener(_ -> connections.remove(connection));
        var _ =
                new Bootstrap()
                        .group(client.eventLoop())
                        .channel(transport.clientChannel())
                        .option(ChannelOption.AUTO_READ, false)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(HOST, target.getAsInt())
                        .addListener(
                                (io.netty.channel.ChannelFutureListener)
                                        done -> {
                                            if (done.isSuccess()) {
                                                connection.connected(done.channel());
                                            } else {
                                                connection.end();
                                            }
                                        });
    }

    private void act(Runnable action) throws InterruptedException {
        try {
            CompletableFuture.runAsync(action, group.next()).get(ACT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the proxy does not act", e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(ACT_SECONDS * 1000L);
    }
}
