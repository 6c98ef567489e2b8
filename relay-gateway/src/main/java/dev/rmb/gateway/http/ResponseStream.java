package dev.rmb.gateway.http;

import dev.rmb.gateway.loop.Goodbye;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;

/** The body of an answer that ends with its connection. Thread-safe. */
public final class ResponseStream {
    private final Channel channel;

    ResponseStream(Channel channel) {
        this.channel = channel;
    }

    /** Whether little enough waits to be sent. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Queues a piece. */
    public void write(ByteBuf piece) {
        var _ = channel.write(new DefaultHttpContent(piece), channel.voidPromise());
    }

    public void flush() {
        var _ = channel.flush();
    }

    /** Sends what is queued and ends. */
    public void end() {
        channel.eventLoop()
                .execute(() ->
                        Goodbye.after(
                                channel.writeAndFlush(
                                        new DefaultHttpContent(Unpooled.EMPTY_BUFFER))));
    }
}
