package dev.rmb.gateway.edge;

import dev.rmb.gateway.auth.Authentication;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.socket.Output;
import dev.rmb.protocol.Address;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one client to its session, within the time for that. What it sends early waits. */
final class StreamHandshake extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(StreamHandshake.class);

    private final Admission admission;
    private final StreamProtocol protocol;
    private final Duration within;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable ByteBuf unread;
    private boolean asked;

    StreamHandshake(Admission admission, StreamProtocol protocol, Duration within) {
        this.admission = admission;
        this.protocol = protocol;
        this.within = within;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timeout =
                context.executor()
                        .schedule(() -> close(context), within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = unread;
        unread =
                before == null
                        ? bytes
                        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                                context.alloc(), before, bytes);
        if (asked) {
            return;
        }
        Channel channel = context.channel();
        try {
            String token = protocol.token(unread);
            if (token != null) {
                asked = true;
                channel.config().setAutoRead(false);
                admission.admit(channel, token, result -> answered(channel, result));
            }
        } catch (HandshakeException e) {
            asked = true;
            admission.refused();
            refuse(channel, e.reason());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("A connection failed before it had a session: {}", cause.toString());
        close(context);
    }

    private void answered(Channel channel, Authentication result) {
        switch (result) {
            case Authentication.Accepted accepted -> open(channel, accepted.address());
            case Authentication.Refused no -> refuse(channel, no.reason());
        }
    }

    private void open(Channel channel, Address address) {
        ByteBuf early = unread == null ? Unpooled.EMPTY_BUFFER : unread;
        unread = null;
        StreamConnection connection = protocol.connection(channel);
        var output = new Output(channel);
        protocol.welcome(output);
        output.flush();
        channel.pipeline().addLast(connection).remove(this);
        Session session = admission.open(address, connection, channel);
        connection.start(session, early);
    }

    private void refuse(Channel channel, String reason) {
        channel.pipeline().remove(this);
        StreamPort.refuse(channel, protocol, reason);
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }
}
