package dev.rmb.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one request of a new connection to its route, within the time for that. */
final class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int LINE_TOO_LONG = 414;
    private static final int HEADERS_TOO_LONG = 431;
    private static final int CHUNK = 8 * 1024;

    private final HttpSettings settings;
    private final List<HttpRoute> routes;
    private final HttpServerCodec codec;
    private @Nullable ScheduledFuture<?> timeout;
    private boolean asked;

    RequestHandler(HttpSettings settings, List<HttpRoute> routes) {
        this.settings = settings;
        this.routes = routes;
        this.codec =
                new HttpServerCodec(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength((int) settings.maxRequestLine().toBytes())
                                .setMaxHeaderSize((int) settings.maxHeaders().toBytes())
                                .setMaxChunkSize(CHUNK));
    }

    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(codec, this);
    }

    void removeHttp(ChannelPipeline pipeline) {
        pipeline.remove(this);
        pipeline.remove(codec);
    }

    /** The answer is under way: the handshake's time does not matter any more. */
    void finished() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timeout =
                context.executor()
                        .schedule(
                                () -> close(context),
                                settings.handshakeTimeout().toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        finished();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            // What follows the head, a body or another request, is not read: each answer closes.
            if (message instanceof HttpRequest request && !asked) {
                asked = true;
                context.channel().config().setAutoRead(false);
                serve(new Exchange(context.channel(), this, request));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void serve(Exchange exchange) {
        HttpRequest request = exchange.request();
        DecoderResult decoded = request.decoderResult();
        if (decoded.isFailure()) {
            refuse(exchange, decoded.cause());
            return;
        }
        for (HttpRoute route : routes) {
            if (route.serves(request)) {
                route.serve(exchange);
                return;
            }
        }
        exchange.answer(NOT_FOUND, "page not found");
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

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Resets and what no decoder understands: the peer's doing, and not worth a trace.
        log.debug("A connection failed before it was upgraded: {}", cause.toString());
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }
}
