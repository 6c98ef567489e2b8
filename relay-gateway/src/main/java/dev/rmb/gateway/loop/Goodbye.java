package dev.rmb.gateway.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that the last thing written arrives. To close a socket with unread input
 * resets it, and a reset may overtake what was written; therefore the output is ended first, and
 * what still comes is thrown away until the peer closes, too, or a second has passed.
 */
public final class Goodbye extends ChannelInboundHandlerAdapter {
    private static final long PATIENCE_MS = 1_000;

    private Goodbye() {}

    /**
     * Begins to close; on the channel's loop.
     *
     * @param lastWrite of what should still arrive
     */
    public static void after(ChannelFuture lastWrite) {
        Channel channel = lastWrite.channel();
        if (channel.isActive()) {
            channel.pipeline().addFirst(new Goodbye());
            channel.config().setAutoRead(true);
            // A peer that does not even take the last write gets no more time than others.
            var _ =
                    channel.eventLoop()
                            .schedule(() -> close(channel), PATIENCE_MS, TimeUnit.MILLISECONDS);
        }
        var _ = lastWrite.addListener(_ -> endOutput(channel));
    }

    private static void endOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null && channel.isActive()) {
            // Who speaks TLS takes an end without its own word for it for an attack.
            var _ = tls.closeOutbound().addListener(_ -> endStream(channel));
        } else {
            endStream(channel);
        }
    }

    private static void endStream(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            var _ = duplex.shutdownOutput();
        } else {
            var _ = channel.close();
        }
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
