package dev.rmb.gateway.websocket;

import dev.rmb.gateway.edge.StreamConnection;
import dev.rmb.gateway.session.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A client's WebSocket. For its event loop only. */
final class WebSocketConnection extends StreamConnection implements FrameParser.Frames {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** What a pong costs while it waits, about, beside its payload. */
    private static final int PONG_BYTES = 16;

    private final FrameParser parser;
    private final FrameWriter writer;

    /** Part of each ping's payload, so that no pong but the answer to it counts. */
    private final long secret;

    WebSocketConnection(Channel channel, int maxFrame, int maxMessage, long secret) {
        super(channel);
        this.parser = new FrameParser(maxFrame, maxMessage, this);
        this.writer = new FrameWriter(output());
        this.secret = secret;
    }

    @Override
    public void write(byte[] envelope) {
        writer.binary(envelope);
    }

    @Override
    public void probe(long mark) {
        writer.ping(secret, mark);
    }

    @Override
    public void message(byte[] message) {
        // The reference ignores empty ones, too.
        if (message.length > 0) {
            received(message);
        }
    }

    @Override
    public void ping(byte[] payload) {
        writer.pong(payload);
        answered(PONG_BYTES + payload.length);
    }

    @Override
    public void pong(byte[] payload) {
        if (payload.length == 2 * Long.BYTES && (long) LONGS.get(payload, 0) == secret) {
            confirmed((long) LONGS.get(payload, Long.BYTES));
        }
    }

    @Override
    public void closed(int code) {
        end(() -> writer.close(CloseCode.maySend(code) ? code : CloseCode.PROTOCOL_ERROR, ""));
    }

    @Override
    public void violation(int code, String reason) {
        end(() -> writer.close(code, reason));
    }

    @Override
    protected boolean parse(ByteBuf in) {
        return parser.parse(in);
    }

    @Override
    protected int held() {
        return parser.held();
    }

    @Override
    protected void stop() {
        parser.stop();
    }

    @Override
    public String transport() {
        return "websocket";
    }

    @Override
    protected void farewell(Ending ending) {
        int code =
                switch (ending) {
                    case REPLACED -> CloseCode.NORMAL;
                    case GOING_AWAY, DISCONNECTED -> CloseCode.GOING_AWAY;
                    case NOT_AN_ENVELOPE, SILENT, NOT_READING, BANNED -> CloseCode.POLICY;
                    case NOT_ACCEPTED, FAULT -> CloseCode.FAULT;
                    case SHED, UNFINISHED -> CloseCode.TRY_LATER;
                    case CUT_OFF -> CloseCode.RESTART;
                };
        writer.close(code, ending.text());
    }
}
