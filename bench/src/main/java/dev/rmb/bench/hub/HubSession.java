package dev.rmb.bench.hub;

import dev.rmb.bench.net.TurnFlush;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An address's connection. While it does not take output, those who write to it are not read. Owned
 * by the hub's only event loop.
 */
final class HubSession extends ChannelInboundHandlerAdapter implements TurnFlush.Flushable {
    private final Address address;
    private final Map<Address, HubSession> sessions;
    private final TurnFlush turn;
    private final List<HubSession> heldUp = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;
    private boolean waitsForFlush;

    HubSession(Address address, Map<Address, HubSession> sessions, TurnFlush turn) {
        this.address = address;
        this.sessions = sessions;
        this.turn = turn;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        HubSession displaced = sessions.put(address, this);
        if (displaced != null) {
            var _ = displaced.context().close();
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof BinaryWebSocketFrame frame) {
            forward(frame);
            return;
        }
        try {
            if (message instanceof PingWebSocketFrame ping) {
                write(new PongWebSocketFrame(ping.content().retain()));
            } else if (message instanceof CloseWebSocketFrame) {
                var _ = ctx.close();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void forward(BinaryWebSocketFrame frame) {
        HubSession destination = destination(frame);
        if (destination == null) {
            frame.release();
            return;
        }
        destination.write(frame);
        if (!destination.context().channel().isWritable()) {
            context().channel().config().setAutoRead(false);
            destination.heldUp.add(this);
        }
    }

    private @Nullable HubSession destination(BinaryWebSocketFrame frame) {
        try {
            Address to = EnvelopeHeader.scan(frame.content().nioBuffer()).destination();
            return to == null ? null : sessions.get(to);
        } catch (MalformedEnvelopeException e) {
            return null;
        }
    }

    private void write(Object frame) {
        var _ = context().write(frame, context().voidPromise());
        if (!waitsForFlush) {
            waitsForFlush = true;
            turn.add(this);
        }
    }

    @Override
    public void flush() {
        waitsForFlush = false;
        context().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        sessions.remove(address, this);
        release();
    }

    private void release() {
        for (HubSession sender : heldUp) {
            sender.context().channel().config().setAutoRead(true);
        }
        heldUp.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }
}
