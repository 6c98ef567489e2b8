package dev.rmb.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection writes: many frames go into one buffer, so that a turn's frames are one write
 * for the socket. For the channel's event loop only.
 */
public final class Output {
    /** A buffer grows up to this, unless one frame needs more. */
    private static final int CHUNK = 64 * 1024;

    private static final int FIRST = 512;

    private final Channel channel;
    private @Nullable ByteBuf out;

    public Output(Channel channel) {
        this.channel = channel;
    }

    /** Where to write the next so many bytes, at most: behind everything written before. */
    public ByteBuf room(int size) {
        ByteBuf to = out;
        if (to != null && to.readableBytes() + size <= CHUNK) {
            return to;
        }
        if (to != null) {
            // It is the channel's from here on, also if there is no memory for the next one.
            out = null;
            var _ = channel.write(to, channel.voidPromise());
        }
        ByteBuf next = channel.alloc().directBuffer(Math.max(FIRST, size));
        out = next;
        return next;
    }

    /** Sends what was written. */
    public void flush() {
        ByteBuf last = out;
        if (last != null) {
            out = null;
            var _ = channel.writeAndFlush(last, channel.voidPromise());
        }
    }

    /** Likewise, and tells when it is sent. */
    public ChannelFuture flushLast() {
        ByteBuf last = out;
        out = null;
        return channel.writeAndFlush(last == null ? Unpooled.EMPTY_BUFFER : last);
    }

    /** Bytes that are not sent yet. */
    public long queuedBytes() {
        ByteBuf last = out;
        ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
        return (written == null ? 0 : written.totalPendingWriteBytes())
                + (last == null ? 0 : last.readableBytes());
    }

    /** The channel is gone, or what was written must not be sent. */
    public void discard() {
        ByteBuf last = out;
        if (last != null) {
            out = null;
            last.release();
        }
    }
}
