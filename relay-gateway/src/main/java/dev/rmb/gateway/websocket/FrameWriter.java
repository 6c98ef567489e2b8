package dev.rmb.gateway.websocket;

import dev.rmb.gateway.socket.Output;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes frames. For the channel's event loop only. */
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

    private final Output output;

    FrameWriter(Output output) {
        this.output = output;
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

    void close(int code, String reason) {
        if (code == CloseCode.NO_STATUS) {
            var _ = frame(CLOSE, 0);
        } else {
            byte[] text = reason.getBytes(StandardCharsets.UTF_8);
            frame(CLOSE, Short.BYTES + text.length).writeShort(code).writeBytes(text);
        }
    }

    private ByteBuf frame(int first, int length) {
        ByteBuf to = output.room(MAX_HEADER + length).writeByte(first);
        if (length <= MAX_SHORT) {
            return to.writeByte(length);
        }
        if (length <= MAX_16) {
            return to.writeByte(LENGTH_16).writeShort(length);
        }
        return to.writeByte(LENGTH_64).writeLong(length);
    }
}
