package dev.rmb.gateway.tcp;

import dev.rmb.gateway.socket.Output;
import io.netty.buffer.ByteBuf;

/** Types of frames (contracts.md, "TCP transport"). */
final class FrameType {
    static final int TOKEN = 1;
    static final int ENVELOPE = 2;
    static final int ACKNOWLEDGEMENT = 3;
    static final int ERROR = 4;
    static final int PING = 5;
    static final int PONG = 6;

    /** The length of the body, and the type. */
    static final int HEADER = Integer.BYTES + 1;

    /** Bytes of a ping's body, at most. */
    static final int MAX_PING = 125;

    private FrameType() {}

    /** Begins a frame; the caller writes the body. */
    static ByteBuf begin(Output to, int type, int length) {
        return to.room(HEADER + length).writeInt(length).writeByte(type);
    }
}
