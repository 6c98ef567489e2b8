package dev.rmb.gateway.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a PROXY header from somebody who is not a trusted proxy: it would claim to be somebody
 * else. Lets everything else pass as soon as it differs from one.
 */
final class NoProxyHeader extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(NoProxyHeader.class);

    private static final byte[] V1 = "PROXY ".getBytes(US_ASCII);
    private static final byte[] V2 = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
    };

    private final Runnable refused;
    private @Nullable ByteBuf begun;

    /**
     * @param refused is told of each that was refused
     */
    NoProxyHeader(Runnable refused) {
        this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = begun;
        begun = null;
        ByteBuf all =
                before == null
                        ? bytes
                        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                                context.alloc(), before, bytes);
        if (is(all, V1) || is(all, V2)) {
            all.release();
            refuse(context);
        } else if (begins(all, V1) || begins(all, V2)) {
            begun = all;
        } else {
            context.pipeline().remove(this);
            context.fireChannelRead(all);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ByteBuf rest = begun;
        if (rest != null) {
            begun = null;
            rest.release();
        }
    }

    private void refuse(ChannelHandlerContext context) {
        refused.run();
        log.debug(
                "A PROXY header from {}, which is no trusted proxy",
                context.channel().remoteAddress());
        var _ = context.close();
    }

    private static boolean is(ByteBuf bytes, byte[] header) {
        return bytes.readableBytes() >= header.length && begins(bytes, header);
    }

    /** Whether the two are alike as far as there are bytes. */
    private static boolean begins(ByteBuf bytes, byte[] with) {
        int length = Math.min(bytes.readableBytes(), with.length);
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != with[i]) {
                return false;
            }
        }
        return true;
    }
}
