package dev.rmb.gateway.websocket;

import dev.rmb.gateway.loop.Goodbye;
import dev.rmb.gateway.session.Connection;
import dev.rmb.gateway.session.Ending;
import dev.rmb.gateway.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's WebSocket: bytes to its session's calls and back. For its event loop only.
 *
 * <p>While it is not to be read, nothing is read from the socket, and what had been read before
 * stays as bytes: at most what one turn of reading brought.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter
        implements Connection, FrameParser.Frames {
    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** A rest smaller than this is copied, so that it does not keep a large buffer. */
    private static final int SMALL_REST = 1024;

    /** What a pong costs while it waits, about, beside its payload. */
    private static final int PONG_BYTES = 16;

    private final Channel channel;
    private final FrameParser parser;
    private final FrameWriter writer;

    /** Part of each ping's payload, so that no pong but the answer to it counts. */
    private final long secret;

    private @Nullable Session session;

    /** Bytes that were read and not yet parsed. */
    private @Nullable ByteBuf rest;

    private boolean reading = true;
    private boolean closing;

    WebSocketConnection(Channel channel, int maxFrame, int maxMessage, long secret) {
        this.channel = channel;
        this.parser = new FrameParser(maxFrame, maxMessage, this);
        this.writer = new FrameWriter(channel);
        this.secret = secret;
    }

    /** The session is there: begins to read, if the session lets it. */
    void start(Session opened) {
        session = opened;
        if (reading) {
            read(true);
        }
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
    public void flush() {
        writer.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public long queuedBytes() {
        return writer.queuedBytes();
    }

    @Override
    public void read(boolean on) {
        reading = on;
        if (closing || session == null) {
            return;
        }
        channel.config().setAutoRead(on);
        if (on && rest != null) {
            // Not now: the caller is in the middle of something.
            channel.eventLoop().execute(this::readRest);
        }
    }

    @Override
    public void close(Ending ending) {
        if (ending == Ending.SHED) {
            // Behind all that waits a close frame would not arrive either, and the memory is
            // needed now.
            abort();
            return;
        }
        close(
                switch (ending) {
                    case REPLACED -> CloseCode.NORMAL;
                    case GOING_AWAY -> CloseCode.GOING_AWAY;
                    case NOT_AN_ENVELOPE, SILENT, NOT_READING -> CloseCode.POLICY;
                    case NOT_ACCEPTED, FAULT -> CloseCode.FAULT;
                    case SHED, UNFINISHED -> CloseCode.TRY_LATER;
                    case CUT_OFF -> CloseCode.RESTART;
                },
                ending.text());
    }

    @Override
    public void message(byte[] message) {
        // The reference ignores empty ones, too.
        if (session != null && message.length > 0) {
            session.received(message);
        }
    }

    @Override
    public void ping(byte[] payload) {
        writer.pong(payload);
        if (session != null) {
            session.answered(PONG_BYTES + payload.length);
        }
    }

    @Override
    public void pong(byte[] payload) {
        if (session != null
                && payload.length == 2 * Long.BYTES
                && (long) LONGS.get(payload, 0) == secret) {
            session.confirmed((long) LONGS.get(payload, Long.BYTES));
        }
    }

    @Override
    public void closed(int code) {
        leave();
        close(CloseCode.maySend(code) ? code : CloseCode.PROTOCOL_ERROR, "");
    }

    @Override
    public void violation(int code, String reason) {
        leave();
        close(code, reason);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            // The end of the HTTP request that this connection began with.
            ReferenceCountUtil.release(message);
            return;
        }
        if (session != null) {
            session.heard();
        }
        parse(joined(context, bytes));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        endTurn();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (session != null && channel.isWritable()) {
            session.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        parser.stop();
        dropRest();
        leave();
        writer.discard();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("A connection broke: {}", cause.toString());
            var _ = context.close();
        } else {
            fault(cause);
        }
    }

    private ByteBuf joined(ChannelHandlerContext context, ByteBuf bytes) {
        ByteBuf before = rest;
        if (before == null) {
            return bytes;
        }
        rest = null;
        return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), before, bytes);
    }

    private void readRest() {
        ByteBuf bytes = rest;
        if (bytes != null && mayParse()) {
            rest = null;
            parse(bytes);
            endTurn();
        }
    }

    /** Takes the buffer: it is kept or released. */
    private void parse(ByteBuf bytes) {
        try {
            while (mayParse() && parser.parse(bytes)) {
                // On with the next frame.
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            fault(e);
        }
        if (session != null && !closing) {
            session.unfinished(parser.held());
        }
        if (closing || !bytes.isReadable()) {
            bytes.release();
        } else if (bytes.readableBytes() <= SMALL_REST && bytes.capacity() > 2 * SMALL_REST) {
            rest = channel.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
        } else {
            rest = bytes;
        }
    }

    private boolean mayParse() {
        return reading && !closing && session != null && session.mayReceive();
    }

    private void endTurn() {
        if (session != null) {
            session.endTurn();
        }
        if (closing) {
            writer.discard();
        } else {
            // Answers to pings are not the session's doing.
            writer.flush();
        }
    }

    private void leave() {
        if (session != null) {
            session.disconnected();
        }
    }

    private void fault(Throwable cause) {
        log.error("A session ends because of a fault in this relay", cause);
        leave();
        close(CloseCode.FAULT, "the relay failed");
    }

    private void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        parser.stop();
        dropRest();
        try {
            Goodbye.after(writer.close(code, reason));
        } catch (RuntimeException | OutOfMemoryError e) {
            log.warn("A connection is broken off because it could not be closed", e);
            abort();
        }
    }

    private void abort() {
        closing = true;
        parser.stop();
        dropRest();
        writer.discard();
        var _ = channel.close();
    }

    private void dropRest() {
        ByteBuf bytes = rest;
        if (bytes != null) {
            rest = null;
            bytes.release();
        }
    }
}
