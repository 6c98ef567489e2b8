package dev.rmb.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.token.TokenException;
import dev.rmb.protocol.token.Tokens;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinJson;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A relay in the test's process that behaves, and misbehaves as it is told: checks tokens, routes
 * envelopes by their destination, keeps what is for absent addresses. Its event loop owns its
 * state.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows in what does not arrive
final class LoopbackRelay implements AutoCloseable {
    private static final int MAX_FRAME = 32 << 20;
    private static final int WAIT_SECONDS = 10;
    private static final String LOOK_UP = "/twins/";

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Map<Long, Twin> twins = new HashMap<>();
    private final Map<Address, Channel> sessions = new HashMap<>();
    private final Map<Address, Queue<byte[]>> mailboxes = new HashMap<>();
    private final List<Envelope> received = new ArrayList<>();
    private final List<String> pongs = new ArrayList<>();
    private @Nullable Channel listener;
    private @Nullable HttpResponseStatus refusal;
    private boolean silent;
    private int pings;
    private int accepted;
    private int port;

    private final @Nullable SSLContext ssl;

    private LoopbackRelay(@Nullable SSLContext ssl) {
        this.ssl = ssl;
        group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("loopback-relay", true),
                        NioIoHandler.newFactory());
        loop = group.next();
    }

    /** Starts a relay on a free port. */
    static LoopbackRelay start() {
        return start(null);
    }

    /** Starts a relay that speaks TLS if there is a context. */
    static LoopbackRelay start(@Nullable SSLContext ssl) {
        var relay = new LoopbackRelay(ssl);
        relay.listen();
        return relay;
    }

    /** Where it is, or was: a relay that comes back comes back there. */
    URI uri() {
        return URI.create((ssl == null ? "ws://127.0.0.1:" : "wss://localhost:") + port);
    }

    /** Listens (again). */
    void listen() {
        Channel bound =
                new ServerBootstrap()
                        .group(loop, loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        if (ssl != null) {
                                            SSLEngine engine = ssl.createSSLEngine();
                                            engine.setUseClientMode(false);
                                            channel.pipeline().addLast(new SslHandler(engine));
                                        }
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(1024))
                                                .addLast(new Upgrade());
                                    }
                                })
                        .bind("127.0.0.1", port)
                        .syncUninterruptibly()
                        .channel();
        listener = bound;
        port = ((InetSocketAddress) bound.localAddress()).getPort();
    }

    /** Knows a twin, which has no key for encryption. */
    void know(long twin, AccountId account) {
        know(new Twin(twin, account, null, null));
    }

    void know(Twin twin) {
        on(() -> twins.put(twin.id(), twin));
    }

    /** Refuses whoever connects from now on; {@code null} to let them in again. */
    void refuseWith(@Nullable HttpResponseStatus status) {
        on(() -> refusal = status);
    }

    /** Neither reads nor answers what is connected now, as if the network were gone. */
    void goSilent() {
        on(() -> {
            sessions.values().forEach(channel -> channel.config().setAutoRead(false));
            silent = true;
            return true;
        });
    }

    /** Takes everything from whoever connects from now on. */
    void speakAgain() {
        on(() -> silent = false);
    }

    /** Reads again from those it went silent to. */
    void readAgain() {
        on(() -> {
            silent = false;
            sessions.values().forEach(channel -> channel.config().setAutoRead(true));
            return true;
        });
    }

    /** Ends all connections without a farewell. */
    void dropConnections() {
        on(() -> {
            List.copyOf(sessions.values()).forEach(Channel::close);
            return true;
        });
    }

    /** Ends all connections, and lets nobody in until it {@linkplain #listen listens} again. */
    void stop() {
        if (listener != null) {
            listener.close().syncUninterruptibly();
        }
        dropConnections();
    }

    boolean isConnected(Address address) {
        return on(() -> sessions.containsKey(address));
    }

    /** How many times it let a client in. */
    int accepted() {
        return on(() -> accepted);
    }

    /** Every envelope that any client sent. */
    List<Envelope> received() {
        return on(() -> List.copyOf(received));
    }

    /** The bodies of pongs from clients. */
    List<String> pongs() {
        return on(() -> List.copyOf(pongs));
    }

    /** How many pings clients sent. */
    int pings() {
        return on(() -> pings);
    }

    void ping(Address to, String body) {
        write(to, new PingWebSocketFrame(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)));
    }

    void text(Address to, String text) {
        write(to, new TextWebSocketFrame(text));
    }

    /** Delivers bytes as one message in frames of {@code frameLength}. */
    void deliver(Address to, byte[] bytes, int frameLength) {
        for (int i = 0; i == 0 || i < bytes.length; i += frameLength) {
            int length = Math.min(frameLength, bytes.length - i);
            boolean last = i + length == bytes.length;
            var content = Unpooled.wrappedBuffer(bytes, i, length);
            write(
                    to,
                    i == 0
                            ? new BinaryWebSocketFrame(last, 0, content)
                            : new ContinuationWebSocketFrame(last, 0, content));
        }
    }

    void deliver(Address to, Envelope envelope) {
        byte[] bytes = envelope.toByteArray();
        deliver(to, bytes, Math.max(1, bytes.length));
    }

    private void write(Address to, WebSocketFrame frame) {
        on(() -> {
            Channel channel = sessions.get(to);
            if (channel == null) {
                throw new IllegalStateException(to + " is not connected");
            }
            return channel.writeAndFlush(frame);
        });
    }

    private <T> T on(Callable<T> task) {
        try {
            return loop.submit(task).get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            if (refusal != null) {
                answer(ctx, refusal, "told to refuse");
                return;
            }
            if (request.uri().startsWith(LOOK_UP)) {
                Twin twin = twins.get(Long.parseLong(request.uri().substring(LOOK_UP.length())));
                if (twin == null) {
                    answer(ctx, HttpResponseStatus.NOT_FOUND, "twin not found");
                } else {
                    answer(ctx, HttpResponseStatus.OK, TwinJson.write(twin).toString());
                }
                return;
            }
            String token = request.uri().substring(request.uri().indexOf('?') + 1);
            Address address;
            try {
                var unverified = Tokens.parse(token);
                Twin twin = twins.get(unverified.twin());
                if (twin == null) {
                    String text = "twin not found " + unverified.twin();
                    answer(ctx, HttpResponseStatus.UNAUTHORIZED, text);
                    return;
                }
                long now = Instant.now().getEpochSecond();
                address = unverified.verify(twin.account(), now, 0, 300).address();
            } catch (TokenException e) {
                answer(ctx, HttpResponseStatus.UNAUTHORIZED, e.reason().toString());
                return;
            }
            new WebSocketServerHandshakerFactory("", null, false, MAX_FRAME)
                    .newHandshaker(request)
                    .handshake(ctx.channel(), request);
            ctx.pipeline().replace(this, null, new Session(address));
            accepted++;
            Channel displaced = sessions.put(address, ctx.channel());
            if (displaced != null) {
                displaced.close();
            }
            mailboxes.getOrDefault(address, new ArrayDeque<>()).forEach(m -> forward(address, m));
            mailboxes.remove(address);
        }

        private void answer(ChannelHandlerContext ctx, HttpResponseStatus status, String text) {
            var response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            status,
                            Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            response.headers().set("content-length", response.content().readableBytes());
            ctx.writeAndFlush(response).addListener(done -> ctx.close());
        }
    }

    private void forward(Address to, byte[] message) {
        Channel channel = sessions.get(to);
        if (channel == null) {
            mailboxes.computeIfAbsent(to, absent -> new ArrayDeque<>()).add(message);
        } else {
            channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
        }
    }

    private final class Session extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Address address;

        Session(Address address) {
            this.address = address;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame)
                throws InvalidProtocolBufferException {
            if (frame instanceof BinaryWebSocketFrame) {
                var message = new byte[frame.content().readableBytes()];
                frame.content().readBytes(message);
                Envelope envelope = Envelope.parseFrom(message);
                received.add(envelope);
                Address to = Envelopes.fromProto(envelope.getDestination());
                if (to != null) {
                    forward(to, message);
                }
            } else if (frame instanceof PingWebSocketFrame) {
                pings++;
                if (!silent) {
                    ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
                }
            } else if (frame instanceof PongWebSocketFrame) {
                pongs.add(frame.content().toString(StandardCharsets.UTF_8));
            } else if (frame instanceof CloseWebSocketFrame) {
                ctx.writeAndFlush(frame.retain()).addListener(done -> ctx.close());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            sessions.remove(address, ctx.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
