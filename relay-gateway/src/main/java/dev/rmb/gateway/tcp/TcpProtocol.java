package dev.rmb.gateway.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.edge.HandshakeException;
import dev.rmb.gateway.edge.StreamConnection;
import dev.rmb.gateway.edge.StreamProtocol;
import dev.rmb.gateway.socket.Output;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The first frame is the token; an empty one of the same type answers it. Immutable. */
final class TcpProtocol implements StreamProtocol {
    private final long maxToken;
    private final long maxEnvelope;

    TcpProtocol(long maxToken, long maxEnvelope) {
        this.maxToken = maxToken;
        this.maxEnvelope = maxEnvelope;
    }

    @Override
    public @Nullable String token(ByteBuf in) throws HandshakeException {
        if (in.readableBytes() < FrameType.HEADER) {
            return null;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (in.getUnsignedByte(in.readerIndex() + Integer.BYTES) != FrameType.TOKEN) {
            throw new HandshakeException("missing jwt");
        }
        if (length > maxToken) {
            throw new HandshakeException("token too long");
        }
        if (in.readableBytes() < FrameType.HEADER + length) {
            return null;
        }
        return in.skipBytes(FrameType.HEADER).readCharSequence((int) length, US_ASCII).toString();
    }

    @Override
    public void welcome(Output to) {
        var _ = FrameType.begin(to, FrameType.TOKEN, 0);
    }

    @Override
    public void refuse(String reason, Output to) {
        byte[] text = reason.getBytes(UTF_8);
        FrameType.begin(to, FrameType.ERROR, text.length).writeBytes(text);
    }

    @Override
    public StreamConnection connection(Channel channel) {
        return new TcpConnection(channel, maxEnvelope);
    }
}
