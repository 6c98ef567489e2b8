package dev.rmb.elsewhere;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rmb.gateway.edge.HandshakeException;
import dev.rmb.gateway.edge.StreamConnection;
import dev.rmb.gateway.edge.StreamProtocol;
import dev.rmb.gateway.socket.Output;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The first line is the token, and a plus sign answers it. */
final class LinesProtocol implements StreamProtocol {
    private static final int MAX_TOKEN = 16 * 1024;

    @Override
    public @Nullable String token(ByteBuf in) throws HandshakeException {
        int length = in.bytesBefore((byte) '\n');
        if (length > MAX_TOKEN || (length < 0 && in.readableBytes() > MAX_TOKEN)) {
            throw new HandshakeException("token too long");
        }
        if (length == 0) {
            throw new HandshakeException("missing jwt");
        }
        if (length < 0) {
            return null;
        }
        String token = in.readCharSequence(length, US_ASCII).toString();
        in.skipBytes(1);
        return token;
    }

    @Override
    public void welcome(Output to) {
        line(to, "+");
    }

    @Override
    public void refuse(String reason, Output to) {
        line(to, "-" + reason);
    }

    @Override
    public StreamConnection connection(Channel channel) {
        return new LinesConnection(channel);
    }

    static void line(Output to, String text) {
        byte[] bytes = (text + "\n").getBytes(UTF_8);
        to.room(bytes.length).writeBytes(bytes);
    }
}
