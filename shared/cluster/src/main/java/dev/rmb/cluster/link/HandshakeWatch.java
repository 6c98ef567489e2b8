package dev.rmb.cluster.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log who was refused on the way in, a line a minute for each host at most. Sits in the
 * pipeline of a listening channel.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(GrpcLinkAcceptor.class);

    private final Reminder reminder = new Reminder(Duration.ofMinutes(1));

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (accepted instanceof Channel channel) {
            channel.pipeline().addLast(new FirstBytes());
        }
        context.fireChannelRead(accepted);
    }

    /** With the first bytes TLS is in place, and its outcome can be waited for. */
    private final class FirstBytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls != null) {
                Channel channel = context.channel();
                String host =
                        channel.remoteAddress() instanceof InetSocketAddress address
                                ? address.getAddress().getHostAddress()
                                : String.valueOf(channel.remoteAddress());
                tls.handshakeFuture()
                        .addListener(shaken -> {
                            if (!shaken.isSuccess()) {
                                refused(host, shaken.cause());
                            }
                        });
            }
            context.pipeline().remove(this);
            context.fireChannelRead(message);
        }
    }

    private void refused(String host, Throwable failure) {
        Optional<String> trouble = TlsTrouble.of(failure);
        if (trouble.isEmpty()) {
            log.debug("A connection from {} ended before it was known: {}", host, failure);
            return;
        }
        long before = reminder.due(host, System.nanoTime());
        if (before > 0) {
            log.warn(
                    "No link for {}: {} (refused {} times more since this was last said)",
                    host,
                    trouble.get(),
                    before);
        } else if (before == 0) {
            log.warn("No link for {}: {}", host, trouble.get());
        }
    }
}
