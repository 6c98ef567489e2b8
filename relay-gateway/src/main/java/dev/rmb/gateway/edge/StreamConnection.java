package dev.rmb.gateway.edge;

import dev.rmb.gateway.loop.Goodbye;
import dev.rmb.gateway.session.Connection;
import dev.rmb.gateway.session.Ending;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.socket.Output;
import dev.rmb.gateway.socket.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's session over one stream of bytes, but for the framing, which a subclass brings: bytes
 * to the session's calls and back. For its event loop only.
 *
 * <p>While it is not to be read, nothing is read from the socket, and what had been read before
 * stays as bytes: at most what one turn of reading brought.
 */
public abstract class StreamConnection extends ChannelInboundHandlerAdapter implements Connection {
    private static final Logger log = LoggerFactory.getLogger(StreamConnection.class);

    /** A rest smaller than this is copied, so that it does not keep a large buffer. */
    private static final int SMALL_REST = 1024;

    private final Channel channel;
    private final Output output;
    private @Nullable Session session;

    /** Bytes that were read and not yet parsed. */
    private @Nullable ByteBuf rest;

    private boolean reading = true;
    private boolean closing;

    protected StreamConnection(Channel channel) {
        this.channel = channel;
        this.output = new Output(channel);
    }

    /**
     * Reads one frame, or the piece of it that is there, and calls what it asks for. Not called any
     * more once the connection has been ended.
     *
     * @return whether there may be more to read: {@code false} if the rest of something is missing
     */
    protected abstract boolean parse(ByteBuf in);

    /** Bytes set aside for a message whose end has not come, beside those left in the buffer. */
    protected abstract int held();

    /** Nothing more is parsed: forgets what was set aside. */
    protected abstract void stop();

    /** Writes what tells the client why its session ends. Nothing is written after it. */
    protected abstract void farewell(Ending ending);

    /** Where frames are written. They are sent when the turn ends. */
    protected final Output output() {
        return output;
    }

    /** The client sent an envelope that nobody else has. */
    protected final void received(byte[] envelope) {
        if (session != null) {
            session.received(envelope);
        }
    }

    /** The client confirmed what was written before this mark. */
    protected final void confirmed(long mark) {
        if (session != null) {
            session.confirmed(mark);
        }
    }

    /** The transport answered the client by itself, with so many bytes. */
    protected final void answered(int bytes) {
        if (session != null) {
            session.answered(bytes);
        }
    }

    /** The client ends it, or broke a rule of the framing; does nothing twice. */
    protected final void end(Runnable lastFrame) {
        leave();
        close(lastFrame);
    }

    /** The session is there: begins to read, if the session lets it. */
    public final void start(Session opened) {
        session = opened;
        if (reading) {
            read(true);
        }
    }

    /** Likewise, where bytes have been read already. Takes the buffer. */
    public final void start(Session opened, ByteBuf unread) {
        if (closing || !unread.isReadable()) {
            unread.release();
        } else {
            rest = unread;
        }
        start(opened);
    }

    @Override
    public final void flush() {
        output.flush();
    }

    @Override
    public final boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public final long queuedBytes() {
        return output.queuedBytes();
    }

    @Override
    public final void read(boolean on) {
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
    public final void close(Ending ending) {
        if (ending == Ending.SHED) {
            // Behind all that waits a farewell would not arrive either, and the memory is needed
            // now.
            abort();
        } else {
            close(() -> farewell(ending));
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            // The end of the HTTP request that this connection began with.
            ReferenceCountUtil.release(message);
            return;
        }
        if (session != null) {
            session.heard();
        }
        parseAll(joined(context, bytes));
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        endTurn();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        if (session != null && channel.isWritable()) {
            session.writable();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        closing = true;
        stop();
        dropRest();
        leave();
        output.discard();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            // Resets, and what is no TLS: the peer's doing, and not worth a trace.
            log.debug(
                    "A connection from {} broke: {}",
                    Sockets.originOf(channel).address(),
                    cause.toString());
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
            parseAll(bytes);
            endTurn();
        }
    }

    /** Takes the buffer: it is kept or released. */
    private void parseAll(ByteBuf bytes) {
        try {
            while (mayParse() && parse(bytes)) {
                // On with the next frame.
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            fault(e);
        }
        if (session != null && !closing) {
            session.unfinished(held());
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
            output.discard();
        } else {
            // Answers to pings are not the session's doing.
            output.flush();
        }
    }

    private void leave() {
        if (session != null) {
            session.disconnected();
        }
    }

    private void fault(Throwable cause) {
        log.error("A session ends because of a fault in this relay", cause);
        end(() -> farewell(Ending.FAULT));
    }

    private void close(Runnable lastFrame) {
        if (closing) {
            return;
        }
        closing = true;
        stop();
        dropRest();
        try {
            lastFrame.run();
            Goodbye.after(output.flushLast());
        } catch (RuntimeException | OutOfMemoryError e) {
            log.warn("A connection is broken off because it could not be closed", e);
            abort();
        }
    }

    private void abort() {
        closing = true;
        stop();
        dropRest();
        output.discard();
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
