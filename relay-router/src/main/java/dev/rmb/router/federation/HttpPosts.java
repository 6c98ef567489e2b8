package dev.rmb.router.federation;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 over connections that are kept. A connection carries one message at a time, so that one
 * that is slow holds up nobody; redirects are not followed; what an answer says beside its status
 * is not read. All of it happens on one event loop.
 *
 * <p>Names are looked up here, and not by whoever connects: the address that was found to be
 * allowed is the one that is connected to.
 */
final class HttpPosts implements Posts, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpPosts.class);
    private static final int MAX_LINE = 4_096;
    private static final int MAX_HEADERS = 8_192;
    private static final int CHUNK = 8_192;

    /** Of an answer's body, which nobody reads; a longer one costs the connection. */
    private static final int MAX_BODY = 64 << 10;

    /** A second more for each MiB: large messages on slow lines. */
    private static final int BYTES_PER_MS = (1 << 20) / 1_000;

    private static final long KEEP_MS = 30_000;
    private static final long FORGET_MS = 600_000;
    private static final long STOP_MS = 1_000;

    private final FederationSettings settings;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Names names;
    private final SslContext ssl;
    private final Timer timer = new LoopTimer();
    private final Map<Destination, HttpHost> hosts = new HashMap<>();

    /** Connections that are open, and those of them that nobody uses. */
    private final AtomicInteger connections = new AtomicInteger();

    private int idleConnections;

    HttpPosts(FederationSettings settings, String name) {
        this.settings = settings;
        this.ssl = ssl(settings);
        this.group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().name(name + "-federation").daemon().factory(),
                        NioIoHandler.newFactory());
        this.loop = group.next();
        this.names = new Names(name);
    }

    Timer timer() {
        return timer;
    }

    /** On the event loop. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void post(Destination to, byte[] envelope, Consumer<Answer> answered) {
        HttpHost host = hosts.computeIfAbsent(to, key -> new HttpHost(key, timer.nowMs()));
        new Call(host, envelope, answered).begin();
    }

    /** Closes connections that nobody uses. */
    void forgetIdle() {
        long nowMs = timer.nowMs();
        for (HttpHost host : List.copyOf(hosts.values())) {
            for (Connection connection : List.copyOf(host.idle)) {
                if (nowMs - connection.idleSinceMs >= KEEP_MS) {
                    var _ = connection.channel.close();
                }
            }
        }
        hosts.values().removeIf(host -> host.isIdle(nowMs, FORGET_MS));
    }

    @Override
    public void close() {
        names.close();
        var stopped = group.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS);
        if (!stopped.awaitUninterruptibly(2 * STOP_MS)) {
            log.warn("Connections to other relays were still open when this router stopped");
        }
    }

    private static SslContext ssl(FederationSettings settings) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
        if (settings.trust() != null) {
            builder.trustManager(settings.trust().toFile());
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "router.federation.trust: "
                            + settings.trust()
                            + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    private final class LoopTimer implements Timer {
        private final long beginningNanos = System.nanoTime();

        @Override
        public long nowMs() {
            return (System.nanoTime() - beginningNanos) / 1_000_000;
        }

        @Override
        public void after(long delayMs, Runnable task) {
            try {
                if (delayMs <= 0) {
                    loop.execute(task);
                } else {
                    var _ = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
                }
            } catch (RejectedExecutionException e) {
                log.debug("Something was to be done after the stop");
            }
        }
    }

    /** One message, until it is answered. */
    private final class Call {
        private final HttpHost host;
        private final byte[] envelope;
        private final ScheduledFuture<?> timeout;
        private @Nullable Consumer<Answer> answered;
        private @Nullable Channel channel;

        /** On a connection that was used before, and may have been closed while nobody looked. */
        private boolean isReused;

        Call(HttpHost host, byte[] envelope, Consumer<Answer> answered) {
            this.host = host;
            this.envelope = envelope;
            this.answered = answered;
            long timeoutMs = settings.timeout().toMillis() + envelope.length / BYTES_PER_MS;
            this.timeout = loop.schedule(this::timeOut, timeoutMs, TimeUnit.MILLISECONDS);
        }

        void begin() {
            Connection kept;
            while ((kept = host.idle.pollLast()) != null) {
                idleConnections--;
                kept.isIdle = false;
                if (kept.channel.isActive()) {
                    isReused = true;
                    channel = kept.channel;
                    kept.send(this);
                    return;
                }
            }
            connect();
        }

        private void connect() {
            isReused = false;
            host.addresses(names, timer, this::connectToOneOf);
        }

        private void connectToOneOf(List<InetAddress> found) {
            if (answered == null) {
                return;
            }
            List<InetAddress> allowed =
                    settings.allowPrivate()
                            ? found
                            : found.stream().filter(PublicAddresses::contains).toList();
            if (found.isEmpty()) {
                end(new Answer.NoAnswer("its name has no address"));
                return;
            }
            if (allowed.isEmpty()) {
                end(
                        new Answer.Forbidden(
                                "its addresses are not public, and allowPrivate is not set"));
                return;
            }
            var connecting =
                    new Bootstrap()
                            .group(loop)
                            .channel(NioSocketChannel.class)
                            .option(ChannelOption.TCP_NODELAY, true)
                            .option(
                                    ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                    (int) settings.timeout().toMillis())
                            .resolver(NoopAddressResolverGroup.INSTANCE)
                            .handler(new Initializer())
                            .connect(host.choose(allowed));
            channel = connecting.channel();
            connecting.addListener(done -> {
                if (!done.isSuccess()) {
                    host.chooseAnother();
                    end(new Answer.NoAnswer(why(done.cause())));
                } else if (answered == null) {
                    var _ = connecting.channel().close();
                } else {
                    connecting.channel().pipeline().get(Connection.class).send(this);
                }
            });
        }

        /** The connection is gone. */
        void lost(String why) {
            if (answered == null) {
                return;
            }
            if (isReused) {
                connect();
            } else {
                end(new Answer.NoAnswer(why));
            }
        }

        void end(Answer answer) {
            Consumer<Answer> told = answered;
            if (told != null) {
                answered = null;
                timeout.cancel(false);
                told.accept(answer);
            }
        }

        private void timeOut() {
            if (answered != null) {
                Channel used = channel;
                Connection open = used == null ? null : used.pipeline().get(Connection.class);
                Answer said = open == null ? null : open.said();
                if (said == null) {
                    host.chooseAnother();
                    said =
                            new Answer.NoAnswer(
                                    "no answer within " + settings.timeout().toMillis() + " ms");
                }
                end(said);
                if (used != null) {
                    var _ = used.close();
                }
            }
        }

        private final class Initializer extends ChannelInitializer<Channel> {
            @Override
            protected void initChannel(Channel made) {
                ChannelPipeline pipeline = made.pipeline();
                Destination to = host.destination;
                if (to.tls()) {
                    pipeline.addLast(ssl.newHandler(made.alloc(), to.host(), to.port()));
                }
                pipeline.addLast(new HttpClientCodec(MAX_LINE, MAX_HEADERS, CHUNK));
                pipeline.addLast(new Connection(host, made));
            }
        }
    }

    /** An open connection. */
    final class Connection extends SimpleChannelInboundHandler<HttpObject> {
        private final HttpHost host;
        private final Channel channel;
        private @Nullable Call call;
        private @Nullable HttpResponse response;
        private long body;
        private boolean isIdle;
        private long idleSinceMs;

        private Connection(HttpHost host, Channel channel) {
            this.host = host;
            this.channel = channel;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connections.incrementAndGet();
            context.fireChannelActive();
        }

        private void send(Call next) {
            call = next;
            response = null;
            body = 0;
            var request =
                    new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1,
                            HttpMethod.POST,
                            "/",
                            Unpooled.wrappedBuffer(next.envelope));
            request.headers()
                    .set(HttpHeaderNames.HOST, host.destination.authority())
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, next.envelope.length);
            var _ = channel.writeAndFlush(request, channel.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (call == null || part.decoderResult().isFailure()) {
                lose("what it answered is no HTTP");
                return;
            }
            if (part instanceof HttpResponse begins) {
                response = begins;
            }
            HttpResponse of = response;
            if (of == null) {
                lose("what it answered is no HTTP");
                return;
            }
            boolean isLast = part instanceof LastHttpContent;
            if (part instanceof HttpContent content) {
                body += content.content().readableBytes();
            }
            if (isLast && of.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                if (of.status().code() == 101) {
                    lose("it would rather speak something else");
                }
                response = null;
            } else if (isLast || body > MAX_BODY) {
                done(of, isLast && HttpUtil.isKeepAlive(of));
            }
        }

        private void done(HttpResponse of, boolean keep) {
            Call answered = call;
            call = null;
            response = null;
            if (keep && channel.isActive() && idleConnections < settings.inAll()) {
                isIdle = true;
                idleConnections++;
                idleSinceMs = timer.nowMs();
                host.idle.add(this);
            } else {
                var _ = channel.close();
            }
            if (answered != null) {
                answered.end(new Answer.Status(of.status().code()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lose("it closed the connection without an answer");
            connections.decrementAndGet();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            lose(why(cause));
        }

        /** What its status says, if that has come: all else may be missing. */
        private @Nullable Answer said() {
            HttpResponse of = response;
            return of == null || of.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    ? null
                    : new Answer.Status(of.status().code());
        }

        private void lose(String why) {
            Call waits = call;
            Answer said = said();
            call = null;
            response = null;
            if (isIdle) {
                isIdle = false;
                idleConnections--;
                host.idle.remove(this);
            }
            var _ = channel.close();
            if (waits != null && said != null) {
                waits.end(said);
            } else if (waits != null) {
                waits.lost(why);
            }
        }
    }

    /** What went wrong, for operators; never anything that the other side wrote. */
    private static String why(@Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return root == null
                ? "it cannot be connected to"
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
