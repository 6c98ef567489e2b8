package dev.rmb.gateway.http;

import dev.rmb.gateway.loop.Goodbye;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** A request and its answer. Its connection is not read until it is answered. */
public final class Exchange {
    private final Channel channel;
    private final RequestHandler handler;
    private final HttpRequest request;

    Exchange(Channel channel, RequestHandler handler, HttpRequest request) {
        this.channel = channel;
        this.handler = handler;
        this.request = request;
    }

    /** Its head; the body is not read. */
    public HttpRequest request() {
        return request;
    }

    public Channel channel() {
        return channel;
    }

    /** Answers with a line of text and closes the connection. On any thread. */
    public void answer(int status, String text) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        ByteBufUtil.writeUtf8(channel.alloc(), text));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        answer(response);
    }

    /** Answers and closes the connection. On any thread. */
    public void answer(FullHttpResponse response) {
        response.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        if (channel.eventLoop().inEventLoop()) {
            answerOnLoop(response);
        } else {
            channel.eventLoop().execute(() -> answerOnLoop(response));
        }
    }

    private void answerOnLoop(FullHttpResponse response) {
        handler.finished();
        Goodbye.after(channel.writeAndFlush(response));
    }

    /**
     * Answers and hands the connection over: from here on {@code next} gets its bytes. On the
     * connection's event loop. The connection is still not read.
     */
    public void upgrade(HttpResponse response, ChannelHandler next) {
        handler.finished();
        var _ = channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        channel.pipeline().addLast(next);
        handler.removeHttp(channel.pipeline());
    }
}
