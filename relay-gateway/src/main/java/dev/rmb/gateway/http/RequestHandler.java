package dev.rmb.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rmb.gateway.loop.Goodbye;
import dev.rmb.gateway.socket.Origin;
import dev.rmb.gateway.socket.Refusal;
import dev.rmb.gateway.socket.Sockets;
import dev.rmb.gateway.socket.Visit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests of a connection to their routes, one after the other, each within the time for
 * that. A client that sends a request before it has the answer to the one before gets that answer,
 * and then the connection closes: there is no queue for such.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int BODY_TOO_LONG = 413;
    private static final int LINE_TOO_LONG = 414;
    private static final int HEADERS_TOO_LONG = 431;
    private static final int TOO_MANY = 429;
    private static final int BUSY = 503;
    private static final int CHUNK = 8 * 1024;

    /** As long as clients have for an answer by default. */
    private static final int GONE_MS = 60_000;

    private final HttpSettings settings;
    private final PublicPort port;
    private final Channel channel;
    private final HttpServerCodec codec;
    private @Nullable ScheduledFuture<?> timeout;

    /** The request that is being served. */
    private @Nullable Exchange current;

    /** Pieces of its body that came before they were asked for: of one turn of reading, at most. */
    private final Deque<HttpContent> early = new ArrayDeque<>();

    private @Nullable Body body;
    private @Nullable Runnable gone;
    private @Nullable Runnable writable;

    /** Of the client that a proxy's request is from. */
    private @Nullable Visit visit;

    private boolean first = true;

    /** The end of the request's body has come. */
    private boolean ended;

    /** No further request is taken. */
    private boolean last;

    RequestHandler(HttpSettings settings, PublicPort port, Channel channel) {
        this.settings = settings;
        this.port = port;
        this.channel = channel;
        this.codec =
                new HttpServerCodec(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength((int) settings.maxRequestLine().toBytes())
                                .setMaxHeaderSize((int) settings.maxHeaders().toBytes())
                                .setMaxChunkSize(CHUNK));
    }

    /** Begins to take requests. */
    void start() {
        channel.pipeline().addLast(codec, this);
        arm(settings.handshakeTimeout(), this::close);
    }

    /** Tells the client that it may not stay. */
    void turnAway(Refusal why) {
        channel.pipeline().addLast(codec);
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status(why)));
        response.content().writeBytes(why.text().getBytes(US_ASCII));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, false);
        Goodbye.after(channel.writeAndFlush(response));
    }

    void removeHttp(ChannelPipeline pipeline) {
        Visit visiting = visit;
        if (visiting != null) {
            // What was a request is now the whole connection.
            visit = null;
            var _ = channel.closeFuture().addListener(_ -> visiting.leave());
        }
        pipeline.remove(this);
        pipeline.remove(codec);
    }

    /** The answer is under way: the time for it does not matter any more. */
    void finished() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    void within(Exchange exchange, Duration time) {
        if (isCurrent(exchange)) {
            arm(time, this::close);
        }
    }

    void watch(Exchange exchange, Runnable told) {
        if (!isCurrent(exchange)) {
            return;
        }
        if (!channel.isActive()) {
            told.run();
            return;
        }
        finished();
        gone = told;
        channel.config().setAutoRead(true);
    }

    void readBody(Exchange exchange, int max, Runnable late, Consumer<byte[]> then) {
        if (!isCurrent(exchange)) {
            return;
        }
        if (HttpUtil.getContentLength(exchange.request(), 0L) > max) {
            exchange.answer(BODY_TOO_LONG, "body too big");
            return;
        }
        if (HttpUtil.is100ContinueExpected(exchange.request())) {
            var _ =
                    channel.writeAndFlush(
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        body = new Body(max, settings.bodiesInAll().toBytes(), port.bodyBytes(), then);
        arm(settings.bodyTimeout(), late);
        HttpContent content;
        while (body != null && (content = early.poll()) != null) {
            take(exchange, content);
        }
        if (body != null && ended) {
            finishBody();
        } else if (body != null) {
            channel.config().setAutoRead(true);
        }
    }

    /** Takes the response; sends it, unless the request was answered before. */
    void answer(Exchange exchange, FullHttpResponse response, boolean stay) {
        if (!isCurrent(exchange)) {
            response.release();
            return;
        }
        boolean keep = stay && ended && !last && HttpUtil.isKeepAlive(exchange.request());
        response.headers()
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, keep);
        done();
        if (keep) {
            var _ = channel.writeAndFlush(response);
            arm(settings.keepAlive(), this::close);
            channel.config().setAutoRead(true);
        } else {
            last = true;
            Goodbye.after(channel.writeAndFlush(response));
        }
    }

    void stream(Exchange exchange, HttpResponse head, Runnable mayWrite) {
        if (isCurrent(exchange)) {
            last = true;
            finished();
            writable = mayWrite;
            // Nothing is heard from who only reads: a peer that is gone shows by bytes that nobody
            // acknowledges. Where there is no such option, by the same after the system's time.
            var _ = channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, GONE_MS);
            var _ = channel.config().setOption(IoUringChannelOption.TCP_USER_TIMEOUT, GONE_MS);
            var _ = channel.writeAndFlush(head);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Runnable told = gone;
        done();
        last = true;
        if (told != null) {
            told.run();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        done();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                begin(request);
            } else if (message instanceof HttpContent content) {
                content(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (writable != null && channel.isWritable()) {
            writable.run();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Resets and what no decoder understands: the peer's doing, and not worth a trace.
        log.debug("A connection failed in HTTP: {}", cause.toString());
        close();
    }

    private void begin(HttpRequest request) {
        if (current != null || last) {
            last = true;
            return;
        }
        // One without a body may be answered before the end of nothing has been seen.
        ended =
                request.decoderResult().isSuccess()
                        && !HttpUtil.isTransferEncodingChunked(request)
                        && HttpUtil.getContentLength(request, 0L) == 0;
        channel.config().setAutoRead(false);
        if (!first) {
            // The first one's time began with the connection.
            arm(settings.handshakeTimeout(), this::close);
        }
        first = false;
        var exchange = new Exchange(channel, this, request);
        current = exchange;
        serve(exchange);
    }

    private void content(HttpContent content) {
        Exchange exchange = current;
        if (exchange == null || last || ended) {
            return;
        }
        ended = content instanceof LastHttpContent;
        if (body != null) {
            take(exchange, content.retain());
            if (body != null && ended) {
                finishBody();
            }
        } else if (content.content().isReadable() || content.decoderResult().isFailure()) {
            early.add(content.retain());
        }
    }

    /** Takes the content. */
    private void take(Exchange exchange, HttpContent content) {
        try {
            if (content.decoderResult().isFailure()) {
                exchange.answer(BAD_REQUEST, "bad request");
                return;
            }
            Body to = body;
            if (to == null) {
                return;
            }
            switch (to.take(content.content())) {
                case FINE -> {}
                case TOO_BIG -> exchange.answer(BODY_TOO_LONG, "body too big");
                case NO_ROOM -> exchange.answer(BUSY, "relay busy, try again");
            }
        } finally {
            content.release();
        }
    }

    private void finishBody() {
        Body whole = body;
        body = null;
        channel.config().setAutoRead(false);
        if (whole != null) {
            whole.finish();
        }
    }

    private void serve(Exchange exchange) {
        HttpRequest request = exchange.request();
        DecoderResult decoded = request.decoderResult();
        if (decoded.isFailure()) {
            refuse(exchange, decoded.cause());
            return;
        }
        if (!mayEnter(exchange)) {
            return;
        }
        for (HttpRoute route : port.routes()) {
            if (route.serves(request)) {
                route.serve(exchange);
                return;
            }
        }
        exchange.answer(NOT_FOUND, "page not found");
    }

    /** Whether something is taken from where this request is from; answers it otherwise. */
    private boolean mayEnter(Exchange exchange) {
        Sockets sockets = port.sockets();
        Origin origin = Sockets.originOf(channel);
        InetAddress proxy = origin.proxy();
        Refusal refusal;
        if (proxy == null) {
            // It was let in before, which may have changed.
            refusal = sockets.isBanned(origin.address()) ? Refusal.BANNED : null;
        } else {
            Optional<InetAddress> client =
                    NamedClient.of(
                            exchange.request().headers(),
                            settings.clientHeader(),
                            proxy,
                            sockets.proxies());
            if (client.isEmpty()) {
                exchange.answer(BAD_REQUEST, "bad forwarded header");
                return false;
            }
            Visit entered = sockets.enter(channel, client.get());
            visit = entered;
            refusal = entered.refusal();
        }
        if (refusal != null) {
            exchange.answer(status(refusal), refusal.text());
        }
        return refusal == null;
    }

    private static int status(Refusal refusal) {
        return switch (refusal) {
            case TOO_MANY -> TOO_MANY;
            case BANNED -> FORBIDDEN;
        };
    }

    private static void refuse(Exchange exchange, Throwable why) {
        if (why instanceof TooLongHttpLineException) {
            exchange.answer(LINE_TOO_LONG, "request line too long");
        } else if (why instanceof TooLongHttpHeaderException) {
            exchange.answer(HEADERS_TOO_LONG, "headers too long");
        } else {
            exchange.answer(BAD_REQUEST, "bad request");
        }
    }

    /** Forgets the request and what belongs to it. */
    private void done() {
        finished();
        current = null;
        gone = null;
        writable = null;
        if (visit != null) {
            visit.leave();
            visit = null;
        }
        if (body != null) {
            body.drop();
            body = null;
        }
        HttpContent content;
        while ((content = early.poll()) != null) {
            content.release();
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very request
    private boolean isCurrent(Exchange exchange) {
        return current == exchange;
    }

    private void arm(Duration time, Runnable then) {
        finished();
        timeout = channel.eventLoop().schedule(then, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void close() {
        var _ = channel.close();
    }
}
