package dev.rmb.bench.net;

import io.netty.buffer.ByteBuf;

/** As much of RFC 6455's framing as a load generator needs. */
public final class WebSocketFrames {
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** The longest header: two bytes, an eight-byte length and the mask. */
    public static final int MAX_HEADER = 14;

    static final int FIN = 0x80;
    static final int MASKED = 0x80;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;

    private WebSocketFrames() {}

    /** Appends one whole masked frame, growing {@code out} where needed. */
    public static void writeMasked(ByteBuf out, int opcode, int mask, byte[] body) {
        out.writeByte(FIN | opcode);
        if (body.length < LENGTH_16) {
            out.writeByte(MASKED | body.length);
        } else if (body.length < 1 << 16) {
            out.writeByte(MASKED | LENGTH_16).writeShort(body.length);
        } else {
            out.writeByte(MASKED | LENGTH_64).writeLong(body.length);
        }
        out.writeInt(mask);
        for (int i = 0; i < body.length; i++) {
            out.writeByte(body[i] ^ maskByte(mask, i));
        }
    }

    /** What masks the eight bytes of a frame's body that start at {@code position}. */
    public static long maskAt(int mask, int position) {
        long bytes = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bytes = (bytes << 8) | (maskByte(mask, position + i) & 0xFF);
        }
        return bytes;
    }

    private static byte maskByte(int mask, int position) {
        return (byte) (mask >>> (24 - 8 * (position & 3)));
    }
}
