package dev.rmb.gateway.edge;

import dev.rmb.gateway.socket.Output;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * How clients talk over a plain stream of bytes, which they begin with their token. Called on event
 * loops; {@link StreamPort} does the rest.
 */
public interface StreamProtocol {
    /**
     * Takes the token off the front of what has come.
     *
     * @return {@code null} while a part of it is missing
     * @throws HandshakeException if this leads to no token, or to one that is too long
     */
    @Nullable String token(ByteBuf in) throws HandshakeException;

    /** Writes what tells a client that it is let in; nothing if that goes without saying. */
    void welcome(Output to);

    /** Writes what tells a client why not, and why nothing follows. */
    void refuse(String reason, Output to);

    /** The connection of a client that was let in. */
    StreamConnection connection(Channel channel);
}
