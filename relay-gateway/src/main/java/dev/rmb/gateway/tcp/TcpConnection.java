package dev.rmb.gateway.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.edge.StreamConnection;
import dev.rmb.gateway.edge.Unconfirmed;
import dev.rmb.gateway.session.Ending;
import dev.rmb.gateway.socket.Assembly;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A client that confirms what it has received by itself. It is pinged only when it owes nothing and
 * is silent. For its event loop only.
 */
final class TcpConnection extends StreamConnection {
    private static final long NONE = -1;

    private final long maxEnvelope;
    private final Assembly envelope;
    private final Unconfirmed unconfirmed = new Unconfirmed();
    private boolean inEnvelope;
    private int left;
    private boolean stopped;

    /** The mark of the ping that has no answer yet. */
    private long pinged = NONE;

    TcpConnection(Channel channel, long maxEnvelope) {
        super(channel);
        this.maxEnvelope = maxEnvelope;
        this.envelope = new Assembly((int) maxEnvelope);
    }

    @Override
    public void write(byte[] written) {
        FrameType.begin(output(), FrameType.ENVELOPE, written.length).writeBytes(written);
        unconfirmed.written();
    }

    @Override
    public boolean deliver(byte[] delivered, long mark) {
        write(delivered);
        unconfirmed.delivered(mark);
        return true;
    }

    @Override
    public void probe(long mark) {
        if (!unconfirmed.remark(mark)) {
            FrameType.begin(output(), FrameType.PING, Long.BYTES).writeLong(mark);
            pinged = mark;
        }
    }

    @Override
    protected boolean parse(ByteBuf in) {
        if (stopped) {
            return false;
        }
        if (inEnvelope) {
            return envelope(in);
        }
        if (in.readableBytes() < FrameType.HEADER) {
            return false;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        int type = in.getUnsignedByte(in.readerIndex() + Integer.BYTES);
        return switch (type) {
            case FrameType.ENVELOPE -> beginEnvelope(in, length);
            case FrameType.ACKNOWLEDGEMENT ->
                    length == Long.BYTES ? acknowledgement(in) : violated("bad acknowledgement");
            case FrameType.PING, FrameType.PONG ->
                    length <= FrameType.MAX_PING
                            ? pingOrPong(in, type, (int) length)
                            : violated("bad ping");
            case FrameType.TOKEN -> violated("one token is enough");
            case FrameType.ERROR -> ended();
            default -> violated("unknown type of frame: " + type);
        };
    }

    @Override
    protected int held() {
        return envelope.held();
    }

    @Override
    protected void stop() {
        stopped = true;
        envelope.clear();
    }

    @Override
    public String transport() {
        return "tcp";
    }

    @Override
    protected void farewell(Ending ending) {
        error(ending.text());
    }

    private boolean beginEnvelope(ByteBuf in, long length) {
        if (length > maxEnvelope) {
            return violated("message too big");
        }
        in.skipBytes(FrameType.HEADER);
        left = (int) length;
        inEnvelope = true;
        return envelope(in);
    }

    private boolean envelope(ByteBuf in) {
        left -= envelope.append(in, left);
        if (left > 0) {
            return false;
        }
        inEnvelope = false;
        byte[] whole = envelope.finish();
        // As on WebSockets, an empty one says nothing.
        if (whole.length > 0) {
            received(whole);
        }
        return true;
    }

    private boolean acknowledgement(ByteBuf in) {
        if (in.readableBytes() < FrameType.HEADER + Long.BYTES) {
            return false;
        }
        long count = in.skipBytes(FrameType.HEADER).readLong();
        long mark = unconfirmed.confirmed(count);
        if (mark == Unconfirmed.IMPOSSIBLE) {
            return violated("acknowledgement of what was not sent");
        }
        if (mark != Unconfirmed.NOTHING_NEW) {
            confirmed(mark);
        }
        return true;
    }

    private boolean pingOrPong(ByteBuf in, int type, int length) {
        if (in.readableBytes() < FrameType.HEADER + length) {
            return false;
        }
        in.skipBytes(FrameType.HEADER);
        if (type == FrameType.PING) {
            FrameType.begin(output(), FrameType.PONG, length).writeBytes(in, length);
            answered(FrameType.HEADER + length);
            return true;
        }
        if (length == Long.BYTES && pinged != NONE && in.getLong(in.readerIndex()) == pinged) {
            long mark = pinged;
            pinged = NONE;
            confirmed(mark);
        }
        in.skipBytes(length);
        return true;
    }

    /** The client tells why it leaves; there is nobody here to read it. */
    private boolean ended() {
        end(() -> {});
        return false;
    }

    private boolean violated(String reason) {
        end(() -> error(reason));
        return false;
    }

    private void error(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        FrameType.begin(output(), FrameType.ERROR, bytes.length).writeBytes(bytes);
    }
}
