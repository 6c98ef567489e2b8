package dev.rmb.gateway.socket;

import dev.rmb.cluster.net.IpAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the PROXY header (version 1 or 2) with which a trusted proxy begins, and says whom it
 * names. Anything else closes the connection: the protocol forbids to guess.
 */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private static final Logger log = LoggerFactory.getLogger(ProxyHeader.class);

    /** A proxy sends it with its first packet. */
    private static final long WITHIN_MS = 3_000;

    /** Bytes of what a proxy may add, such as the name of a TLS client: more than any needs. */
    private static final int MAX_ADDITIONS = 4 * 1024;

    private final Runnable refused;
    private final Consumer<@Nullable InetAddress> then;
    private @Nullable ScheduledFuture<?> timeout;

    private ProxyHeader(Runnable refused, Consumer<@Nullable InetAddress> then) {
        this.refused = refused;
        this.then = then;
    }

    /**
     * @param refused is told of headers that are none, or too late
     * @param then adds handlers for what follows; gets the client's address, or {@code null} where
     *     the proxy speaks for itself
     */
    static void await(Channel channel, Runnable refused, Consumer<@Nullable InetAddress> then) {
        channel.pipeline()
                .addLast(new HAProxyMessageDecoder(MAX_ADDITIONS, true))
                .addLast(new ProxyHeader(refused, then));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timeout =
                context.executor()
                        .schedule(
                                () -> refuse(context, "it did not come in time"),
                                WITHIN_MS,
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        String source = header.sourceAddress();
        InetAddress client = null;
        // LOCAL is the proxy's own, such as a health check; so is what comes over no network.
        if (header.command() == HAProxyCommand.PROXY && source != null) {
            client = IpAddress.parse(source);
        }
        context.pipeline().remove(this);
        then.accept(client);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refuse(context, cause.toString());
    }

    private void refuse(ChannelHandlerContext context, String why) {
        refused.run();
        log.debug("No PROXY header from {}: {}", context.channel().remoteAddress(), why);
        var _ = context.close();
    }
}
