package dev.rmb.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.token.TokenException;
import dev.rmb.protocol.token.Tokens;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A relay within the test: believes every token, passes envelopes on by their destination, keeps
 * what is for those who are not there, and records everything. Its event loop owns its state.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows in what does not arrive
final class TestRelay implements AutoCloseable {
    private static final int MAX_FRAME = 17 << 20;

    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("test-relay", true), NioIoHandler.newFactory());
    private final Map<Address, Channel> connected = new HashMap<>();
    private final Map<Address, Queue<Envelope>> kept = new HashMap<>();
    private final BlockingQueue<Envelope> seen = new LinkedBlockingQueue<>();
    private final List<String> pongs = new CopyOnWriteArrayList<>();
    private final ChannelGroup clients = new DefaultChannelGroup(loop.next());
    private final Channel server;
    private volatile Function<Envelope, @Nullable Envelope> change = envelope -> envelope;

    private TestRelay(int port) throws InterruptedException {
        server =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(io.netty.channel.ChannelOption.SO_REUSEADDR, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        clients.add(channel);
                                        channel.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(MAX_FRAME),
                                                        new Session());
                                    }
                                })
                        .bind("127.0.0.1", port)
                        .sync()
                        .channel();
    }

    static TestRelay start() throws InterruptedException {
        return new TestRelay(0);
    }

    /** On the port of one that is gone. */
    static TestRelay startAt(int port) throws InterruptedException {
        return new TestRelay(port);
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + port());
    }

    /** Envelopes as they pass, except where it gives {@code null}: those are lost. */
    void changing(Function<Envelope, @Nullable Envelope> on) {
        change = on;
    }

    /** The next that a peer sent, as it was sent. */
    Envelope nextSeen() throws InterruptedException {
        Envelope next = seen.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was sent");
        }
        return next;
    }

    void forgetSeen() {
        seen.clear();
    }

    int unseen() {
        return seen.size();
    }

    /** Delivers, as if somebody had sent it. */
    void deliver(Envelope envelope) {
        loop.next().execute(() -> route(envelope));
    }

    boolean isConnected(long twin) throws Exception {
        return loop.next()
                .submit(() -> connected.containsKey(Address.of(twin)))
                .get(5, TimeUnit.SECONDS);
    }

    /** Asks a twin how far it has received everything, as a relay does after deliveries. */
    void ping(long twin, String body) {
        loop.next()
                .execute(() -> {
                    Channel channel = connected.get(Address.of(twin));
                    if (channel != null) {
                        channel.writeAndFlush(
                                new PingWebSocketFrame(
                                        Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)));
                    }
                });
    }

    /** The pings that were answered. */
    List<String> pongs() {
        return List.copyOf(pongs);
    }

    /** Hangs up on everybody. */
    void hangUp() {
        loop.next().execute(() -> List.copyOf(connected.values()).forEach(Channel::close));
    }

    private void route(Envelope envelope) {
        Address to = Envelopes.fromProto(envelope.getDestination());
        Channel channel = to == null ? null : connected.get(to);
        if (channel != null) {
            write(channel, envelope);
        } else if (to != null) {
            kept.computeIfAbsent(to, absent -> new ArrayDeque<>()).add(envelope);
        }
    }

    private static void write(Channel channel, Envelope envelope) {
        channel.writeAndFlush(
                new BinaryWebSocketFrame(Unpooled.wrappedBuffer(envelope.toByteArray())));
    }

    private final class Session extends SimpleChannelInboundHandler<Object> {
        private @Nullable Address self;

        @Override
        protected void channelRead0(ChannelHandlerContext context, Object message)
                throws InvalidProtocolBufferException, TokenException {
            switch (message) {
                case FullHttpRequest request -> open(context, request);
                case BinaryWebSocketFrame frame -> {
                    Envelope envelope = Envelope.parseFrom(frame.content().nioBuffer());
                    seen.add(envelope);
                    Envelope passed = change.apply(envelope);
                    if (passed != null) {
                        route(passed);
                    }
                }
                case PongWebSocketFrame pong ->
                        pongs.add(pong.content().toString(StandardCharsets.UTF_8));
                case PingWebSocketFrame ping ->
                        context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                case CloseWebSocketFrame close ->
                        context.writeAndFlush(close.retain())
                                .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
                default -> {}
            }
        }

        private void open(ChannelHandlerContext context, FullHttpRequest request)
                throws TokenException {
            String uri = request.uri();
            // Peers have no sessions.
            Address address = Address.of(Tokens.parse(uri.substring(uri.indexOf('?') + 1)).twin());
            self = address;
            var handshaker =
                    new WebSocketServerHandshakerFactory(url().toString(), null, true, MAX_FRAME)
                            .newHandshaker(request);
            handshaker
                    .handshake(context.channel(), request)
                    .addListener(done -> {
                        connected.put(address, context.channel());
                        Queue<Envelope> waiting = kept.remove(address);
                        if (waiting != null) {
                            waiting.forEach(envelope -> write(context.channel(), envelope));
                        }
                    });
            context.pipeline()
                    .addBefore(
                            context.name(),
                            "whole",
                            new io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator(
                                    MAX_FRAME));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (self != null) {
                connected.remove(self, context.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }

        @Override
        public boolean acceptInboundMessage(Object message) {
            return message instanceof FullHttpRequest || message instanceof WebSocketFrame;
        }
    }

    /** Ends; {@link #close} does the same, and does nothing after it. */
    void stop() {
        server.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        // A loop that ends without a quiet period does not always close what it serves.
        clients.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        stop();
    }
}
