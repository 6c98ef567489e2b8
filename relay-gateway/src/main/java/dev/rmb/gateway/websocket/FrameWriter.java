package dev.rmb.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames, many of them into one buffer, so that a turn's frames are one write for the
 * socket. For the channel's event loop only.
 */
final class FrameWriter {
    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    private static final int MAX_SHORT = 125;
    private static final int MAX_16 = 0xFFFF;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MAX_HEADER = 10;

    /** A buffer grows up to this, unless one frame needs more. */
    private static final int CHUNK = 64 * 1024;

    private static final int FIRST = 512;

    private final Channel channel;
    private @Nullable ByteBuf out;

    FrameWriter(Channel channel) {
        this.channel = channel;
    }

    void binary(byte[] payload) {
        frame(BINARY, payload.length).writeBytes(payload);
    }

    void ping(long first, long second) {
        frame(PING, 2 * Long.BYTES).writeLong(first).writeLong(second);
    }

    void pong(byte[] payload) {
        frame(PONG, payload.length).writeBytes(payload);
    }

    /** The last frame, sent at once with what is before it. */
    ChannelFuture close(int code, String reason) {
        ByteBuf last;
        if (code == CloseCode.NO_STATUS) {
            last = frame(CLOSE, 0);
        } else {
            byte[] text = reason.getBytes(StandardCharsets.UTF_8);
            last = frame(CLOSE, Short.BYTES + text.length).writeShort(code).writeBytes(text);
        }
        out = null;
        return channel.writeAndFlush(last);
    }

    void flush() {
        ByteBuf last = out;
        if (last != null) {
            out = null;
            var _ = channel.writeAndFlush(last, channel.voidPromise());
        }
    }

    /** Bytes that are not sent yet. */
    long queuedBytes() {
        ByteBuf last = out;
        ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
        return (written == null ? 0 : written.totalPendingWriteBytes())
                + (last == null ? 0 : last.readableBytes());
    }

    /** The channel is gone. */
    void discard() {
        ByteBuf last = out;
        if (last != null) {
            out = null;
            last.release();
        }
    }

    private ByteBuf frame(int first, int length) {
        ByteBuf to = room(MAX_HEADER + length).writeByte(first);
        if (length <= MAX_SHORT) {
            return to.writeByte(length);
        }
        if (length <= MAX_16) {
            return to.writeByte(LENGTH_16).writeShort(length);
        }
        return to.writeByte(LENGTH_64).writeLong(length);
    }

    private ByteBuf room(int size) {
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
}
