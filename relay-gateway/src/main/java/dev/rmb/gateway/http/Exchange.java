package dev.rmb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A request and its answer. Its connection is not read until it is answered, unless the body is
 * asked for, or the client's leaving is waited for.
 */
public final class Exchange {
    private static final int TIMED_OUT = 408;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Channel channel;
    private final RequestHandler handler;
    private final HttpRequest request;

    Exchange(Channel channel, RequestHandler handler, HttpRequest request) {
        this.channel = channel;
        this.handler = handler;
        this.request = request;
    }

    /** Its head. */
    public HttpRequest request() {
        return request;
    }

    public Channel channel() {
        return channel;
    }

    /**
     * Reads the body, on the connection's event loop. A body that is too big or takes too long is
     * answered here.
     *
     * @param max bytes
     * @param then gets it, on the event loop
     */
    public void readBody(int max, Consumer<byte[]> then) {
        readBody(max, () -> answer(TIMED_OUT, "the body took too long"), then);
    }

    /**
     * Likewise.
     *
     * @param late answers a body that takes too long
     */
    public void readBody(int max, Runnable late, Consumer<byte[]> then) {
        handler.readBody(this, max, late, then);
    }

    /** From now on it has so long to be answered, or the connection is closed. On any thread. */
    public void within(Duration time) {
        onLoop(() -> handler.within(this, time));
    }

    /**
     * Watches for the client's leaving. On any thread.
     *
     * @param gone is told on the event loop if the connection ends first
     */
    public void watch(Runnable gone) {
        onLoop(() -> handler.watch(this, gone));
    }

    /** Answers with a line of text and closes the connection. On any thread. */
    public void answer(int status, String text) {
        answer(text(status, text));
    }

    /** Answers and closes the connection. On any thread. */
    public void answer(FullHttpResponse response) {
        onLoop(() -> handler.answer(this, response, false));
    }

    /** Answers with a line of text; the connection serves the next request. On any thread. */
    public void reply(int status, String text) {
        reply(text(status, text));
    }

    /**
     * Answers; the connection serves the next request, if the client wants that and this one was
     * read to its end. On any thread.
     */
    public void reply(FullHttpResponse response) {
        onLoop(() -> handler.answer(this, response, true));
    }

    /**
     * Begins an answer that ends with the connection. From here on the caller writes, and closes.
     * On any thread.
     *
     * @param writable is told on the event loop when little enough waits to be sent again
     */
    public ResponseStream stream(String contentType, Runnable writable) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        onLoop(() -> handler.stream(this, head, writable));
        return new ResponseStream(channel);
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

    /** An answer of which the caller sets the headers but for the length. */
    public FullHttpResponse response(int status, ByteBuf content) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    }

    private FullHttpResponse text(int status, String text) {
        FullHttpResponse response = response(status, ByteBufUtil.writeUtf8(channel.alloc(), text));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, TEXT);
        return response;
    }

    /** Does something on the connection's event loop: at once, if this is it. */
    public void onLoop(Runnable step) {
        if (channel.eventLoop().inEventLoop()) {
            step.run();
        } else {
            channel.eventLoop().execute(step);
        }
    }
}
