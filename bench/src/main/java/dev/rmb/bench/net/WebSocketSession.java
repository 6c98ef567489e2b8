package dev.rmb.bench.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a load generator: connects, answers pings, collects its output of one event-loop
 * turn in one buffer. It reads frames where they lie, and knows only as much of WebSockets as a
 * relay uses: a fragmented message ends the run.
 *
 * <p>Everything but {@link #opened} and {@link #ended} belongs to the event loop's thread.
 */
public abstract class WebSocketSession extends ByteToMessageDecoder implements TurnFlush.Flushable {
    private static final int OUTPUT_BYTES = 64 * 1024;
    private static final int MAX_RESPONSE_HEAD = 8 * 1024;
    private static final int MAX_REFUSAL_TEXT = 200;
    private static final String SWITCHING = "HTTP/1.1 101";
    private static final ByteBuf END_OF_HEAD =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII));

    private final String name;
    private final URI relay;
    private final String token;
    private final TurnFlush turn;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf output;
    private boolean waitsForFlush;
    private boolean open;

    /**
     * A session that will be used for one channel.
     *
     * @param name for messages to the user
     * @param relay where it connects
     * @param token how it authenticates
     * @param turn of the channel's loop
     */
    protected WebSocketSession(String name, URI relay, String token, TurnFlush turn) {
        this.name = name;
        this.relay = relay;
        this.token = token;
        this.turn = turn;
    }

    final URI relay() {
        return relay;
    }

    /** Takes the body of a binary frame, {@code length} bytes of {@code in} from {@code at}. */
    protected abstract void binary(ByteBuf in, int at, int length);

    /** Called when the socket takes output again. */
    protected void writable() {}

    /** Completes when the relay took the session, fails with {@link ConnectException} if not. */
    public final CompletionStage<Void> opened() {
        return opened;
    }

    /** Completes with the reason when a session ends that was open. */
    public final CompletionStage<String> ended() {
        return ended;
    }

    /** Whether the session is open and its socket takes more. */
    protected final boolean isWritable() {
        return open && context != null && context.channel().isWritable();
    }

    /** A buffer with room for {@code bytes}, flushed at the end of this turn. */
    protected final ByteBuf output(int bytes) {
        ByteBuf current = output;
        if (current != null && current.writableBytes() < bytes) {
            var _ = context().write(current, context().voidPromise());
            current = null;
        }
        if (current == null) {
            current = context().alloc().directBuffer(Math.max(OUTPUT_BYTES, bytes));
            output = current;
        }
        if (!waitsForFlush) {
            waitsForFlush = true;
            turn.add(this);
        }
        return current;
    }

    @Override
    public final void flush() {
        waitsForFlush = false;
        ByteBuf collected = output;
        output = null;
        if (collected != null) {
            var _ = context().writeAndFlush(collected, context().voidPromise());
        }
    }

    /** Once connected. */
    protected final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException(name + " is not connected");
        }
        return context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        byte[] key = new byte[16];
        ThreadLocalRandom.current().nextBytes(key);
        String path = relay.getRawPath();
        String request =
                """
                GET %s?%s HTTP/1.1\r
                Host: %s\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: %s\r
                Sec-WebSocket-Version: 13\r
                \r
                """
                        .formatted(
                                path.isEmpty() ? "/" : path,
                                token,
                                relay.getAuthority(),
                                Base64.getEncoder().encodeToString(key));
        var _ = ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (isWritable()) {
            writable();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!open) {
            readResponse(in);
        }
        while (open && readFrame(in)) {
            // Each turn takes one whole frame.
        }
    }

    private void readResponse(ByteBuf in) {
        int end = ByteBufUtil.indexOf(END_OF_HEAD, in);
        if (end < 0) {
            if (in.readableBytes() > MAX_RESPONSE_HEAD) {
                fail("the relay's response has no end");
            }
            return;
        }
        String head =
                in.readCharSequence(end - in.readerIndex(), StandardCharsets.US_ASCII).toString();
        in.skipBytes(END_OF_HEAD.readableBytes());
        if (head.startsWith(SWITCHING)) {
            open = true;
            opened.complete(null);
            return;
        }
        int length = Math.min(in.readableBytes(), MAX_REFUSAL_TEXT);
        String text = in.readCharSequence(length, StandardCharsets.UTF_8).toString().strip();
        fail(head.lines().findFirst().orElse("no status") + " " + text);
    }

    /** Takes one frame if all of it is there. */
    private boolean readFrame(ByteBuf in) {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable < 2) {
            return false;
        }
        int header = 2;
        long length = in.getByte(start + 1) & 0x7F;
        if (length == WebSocketFrames.LENGTH_16) {
            header = 4;
            length = readable < header ? 0 : in.getUnsignedShort(start + 2);
        } else if (length == WebSocketFrames.LENGTH_64) {
            header = 10;
            length = readable < header ? 0 : in.getLong(start + 2);
        }
        if (readable < header + length) {
            return false;
        }
        frame(in, in.getByte(start) & 0xFF, start + header, (int) length);
        in.readerIndex(start + header + (int) length);
        return true;
    }

    private void frame(ByteBuf in, int first, int at, int length) {
        switch (first) {
            case WebSocketFrames.FIN | WebSocketFrames.BINARY -> binary(in, at, length);
            case WebSocketFrames.FIN | WebSocketFrames.PING -> ping(in, at, length);
            case WebSocketFrames.FIN | WebSocketFrames.PONG -> pong();
            case WebSocketFrames.FIN | WebSocketFrames.CLOSE -> fail(closeReason(in, at, length));
            default -> fail("a frame that starts with 0x" + Integer.toHexString(first));
        }
    }

    private void ping(ByteBuf in, int at, int length) {
        byte[] body = new byte[length];
        in.getBytes(at, body);
        ping(body);
    }

    /** Takes the relay's ping; its answer is a pong with the same body. */
    protected void ping(byte[] body) {
        sendPong(body);
    }

    /** Takes the relay's answer to a ping. */
    protected void pong() {}

    /** Confirms everything that came before the ping of this body. */
    protected final void sendPong(byte[] body) {
        ByteBuf room = output(WebSocketFrames.MAX_HEADER + body.length);
        WebSocketFrames.writeMasked(
                room, WebSocketFrames.PONG, ThreadLocalRandom.current().nextInt(), body);
    }

    private static String closeReason(ByteBuf in, int at, int length) {
        if (length < 2) {
            return "closed by the relay";
        }
        String text = in.toString(at + 2, length - 2, StandardCharsets.UTF_8);
        return "closed by the relay: " + in.getUnsignedShort(at) + " " + text;
    }

    private void fail(String reason) {
        open = false;
        String text = name + ": " + reason;
        opened.completeExceptionally(new ConnectException(text));
        ended.complete(text);
        var _ = context().close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail("the connection ended");
        super.channelInactive(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        ByteBuf collected = output;
        output = null;
        if (collected != null) {
            collected.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause.toString());
    }

    /** Breaks the connection off, as when a network goes away; it leaves no port to wait for. */
    public final void reset() {
        if (context != null) {
            if (context.channel().isOpen()) {
                var _ = context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            close();
        }
    }

    /** Ends the session; the relay sees the end of the connection, as with Go's clients. */
    public final void close() {
        if (context != null) {
            var _ = context.close();
        }
    }
}
