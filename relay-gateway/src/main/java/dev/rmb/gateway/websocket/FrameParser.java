package dev.rmb.gateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.socket.Assembly;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;

/** Reads a client's frames (RFC 6455) and puts messages together. Not thread-safe. */
final class FrameParser {
    /** Takes what was read; may stop the parser. */
    interface Frames {
        /** A whole binary message that nobody else has. */
        void message(byte[] message);

        void ping(byte[] payload);

        void pong(byte[] payload);

        /**
         * @param code {@link CloseCode#NO_STATUS} if the frame has none
         */
        void closed(int code);

        /** The client broke a rule; nothing more is read. */
        void violation(int code, String reason);
    }

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MAX_CONTROL = 125;
    private static final int MAX_16 = 0xFFFF;
    private static final int MASK_BYTES = 4;

    private static final byte[] EMPTY = {};

    private final int maxFrame;
    private final int maxMessage;
    private final Frames frames;
    private boolean stopped;

    // The frame whose header has been read.
    private boolean inFrame;
    private int opcode;
    private boolean last;
    private int mask;
    private int left;

    // The message that is being put together.
    private boolean inMessage;
    private final Assembly message;

    /**
     * @param maxFrame bytes of payload
     * @param maxMessage bytes of all frames of a message
     */
    FrameParser(int maxFrame, int maxMessage, Frames frames) {
        this.maxFrame = maxFrame;
        this.maxMessage = maxMessage;
        this.message = new Assembly(maxMessage);
        this.frames = frames;
    }

    /** Nothing more is read. */
    void stop() {
        stopped = true;
        message.clear();
    }

    /** Bytes set aside for a message whose end has not come. */
    int held() {
        return message.held();
    }

    /**
     * Reads one frame, or the piece of it that is there.
     *
     * @return whether there may be more to read: {@code false} if the rest of something is missing
     */
    boolean parse(ByteBuf in) {
        if (stopped || (!inFrame && !header(in))) {
            return false;
        }
        return isControl(opcode) ? control(in) : data(in);
    }

    private boolean header(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return false;
        }
        int at = in.readerIndex();
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        int code = first & 0x0F;
        int shortLength = second & 0x7F;
        if (!allowed(first, second, code, shortLength)) {
            return false;
        }
        int lengthBytes =
                switch (shortLength) {
                    case LENGTH_16 -> Short.BYTES;
                    case LENGTH_64 -> Long.BYTES;
                    default -> 0;
                };
        if (in.readableBytes() < 2 + lengthBytes + MASK_BYTES) {
            return false;
        }
        long length =
                switch (shortLength) {
                    case LENGTH_16 -> in.getUnsignedShort(at + 2);
                    case LENGTH_64 -> in.getLong(at + 2);
                    default -> shortLength;
                };
        if (length < 0) {
            return violated(CloseCode.PROTOCOL_ERROR, "length out of range");
        }
        if (lengthBytes > 0 && length <= (lengthBytes == Short.BYTES ? MAX_CONTROL : MAX_16)) {
            return violated(CloseCode.PROTOCOL_ERROR, "length not in its shortest form");
        }
        if (!isControl(code) && (length > maxFrame || length > maxMessage - message.size())) {
            return violated(CloseCode.TOO_BIG, "message too big");
        }
        mask = in.getInt(at + 2 + lengthBytes);
        in.skipBytes(2 + lengthBytes + MASK_BYTES);
        opcode = code;
        last = (first & FIN) != 0;
        left = (int) length;
        inFrame = true;
        return true;
    }

    /** Whether the first two bytes begin a frame that may come now. */
    private boolean allowed(int first, int second, int code, int shortLength) {
        if ((first & RESERVED) != 0) {
            return violated(CloseCode.PROTOCOL_ERROR, "reserved bits set");
        }
        if ((second & MASKED) == 0) {
            return violated(CloseCode.PROTOCOL_ERROR, "frame not masked");
        }
        return switch (code) {
            case CLOSE, PING, PONG ->
                    ((first & FIN) != 0 && shortLength <= MAX_CONTROL)
                            || violated(CloseCode.PROTOCOL_ERROR, "bad control frame");
            case TEXT -> violated(CloseCode.POLICY, "text frames are not accepted");
            case BINARY ->
                    !inMessage || violated(CloseCode.PROTOCOL_ERROR, "message within a message");
            case CONTINUATION ->
                    inMessage || violated(CloseCode.PROTOCOL_ERROR, "nothing to continue");
            default -> violated(CloseCode.PROTOCOL_ERROR, "unknown opcode");
        };
    }

    private boolean data(ByteBuf in) {
        inMessage = true;
        int at = message.size();
        int piece = message.append(in, left);
        unmask(message.bytes(), at, piece);
        left -= piece;
        if (left > 0) {
            return false;
        }
        inFrame = false;
        if (last) {
            inMessage = false;
            frames.message(message.finish());
        }
        return true;
    }

    private boolean control(ByteBuf in) {
        if (in.readableBytes() < left) {
            return false;
        }
        byte[] payload = left == 0 ? EMPTY : new byte[left];
        in.readBytes(payload);
        unmask(payload, 0, payload.length);
        inFrame = false;
        switch (opcode) {
            case PING -> frames.ping(payload);
            case PONG -> frames.pong(payload);
            default -> closing(payload);
        }
        return true;
    }

    private void closing(byte[] payload) {
        if (payload.length == 1) {
            violated(CloseCode.PROTOCOL_ERROR, "bad close frame");
            return;
        }
        if (payload.length > Short.BYTES && !isText(payload, Short.BYTES)) {
            violated(CloseCode.BAD_TEXT, "the reason is not UTF-8");
            return;
        }
        int code =
                payload.length == 0
                        ? CloseCode.NO_STATUS
                        : (payload[0] & 0xFF) << Byte.SIZE | (payload[1] & 0xFF);
        if (payload.length > 0 && code == CloseCode.NO_STATUS) {
            violated(CloseCode.PROTOCOL_ERROR, "a code that is never sent");
            return;
        }
        stop();
        frames.closed(code);
    }

    private static boolean isText(byte[] bytes, int from) {
        try {
            var _ = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private void unmask(byte[] bytes, int from, int length) {
        long wide = (mask & 0xFFFF_FFFFL) << Integer.SIZE | (mask & 0xFFFF_FFFFL);
        int at = from;
        int end = from + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ wide);
        }
        for (; at < end; at++) {
            bytes[at] ^= (byte) (wide >>> (Long.SIZE - Byte.SIZE));
            wide = Long.rotateLeft(wide, Byte.SIZE);
        }
        // Where the next piece of this frame goes on.
        mask = Integer.rotateLeft(mask, Byte.SIZE * (length % MASK_BYTES));
    }

    private static boolean isControl(int code) {
        return code >= CLOSE;
    }

    private boolean violated(int code, String reason) {
        stop();
        frames.violation(code, reason);
        return false;
    }
}
