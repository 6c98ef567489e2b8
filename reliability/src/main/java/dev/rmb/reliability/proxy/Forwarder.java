package dev.rmb.reliability.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection: what is read here is written there when the weather allows.
 * Belongs to the proxy's event loop.
 */
final class Forwarder extends ChannelInboundHandlerAdapter {
    /** More than any round trip needs to be filled on this machine; then nothing more is read. */
    private static final int MAX_WAITING = 16 * 1024 * 1024;

    private final Connection connection;
    private final Channel to;
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long lastDue = System.nanoTime();
    private boolean isScheduled;
    private boolean hasEnded;

    private record Piece(ByteBuf bytes, long due) {}

    Forwarder(Connection connection, Channel to) {
        this.connection = connection;
        this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        long now = System.nanoTime();
        lastDue = Math.max(lastDue, now + delayNanos()) + transferNanos(bytes.readableBytes());
        waitingBytes += bytes.readableBytes();
        waiting.add(new Piece(bytes, lastDue));
        if (waitingBytes > MAX_WAITING) {
            ctx.channel().config().setAutoRead(false);
        }
        forward(ctx);
    }

    private long delayNanos() {
        return connection.weather() instanceof Weather.Slow slow ? slow.delay().toNanos() : 0;
    }

    private long transferNanos(int bytes) {
        return connection.weather() instanceof Weather.Slow slow
                ? TimeUnit.SECONDS.toNanos(bytes) / slow.bytesPerSecond()
                : 0;
    }

    /** Writes what is due. */
    private void forward(ChannelHandlerContext ctx) {
        if (connection.weather() instanceof Weather.Stalled) {
            again(ctx, TimeUnit.MILLISECONDS.toNanos(50));
            return;
        }
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.peek().due - now <= 0) {
            Piece piece = waiting.remove();
            waitingBytes -= piece.bytes.readableBytes();
            var _ = to.write(piece.bytes, to.voidPromise());
        }
        to.flush();
        if (waitingBytes <= MAX_WAITING / 2 && to.isWritable()) {
            ctx.channel().config().setAutoRead(true);
        } else if (!to.isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
        if (!waiting.isEmpty()) {
            again(ctx, waiting.peek().due - now);
        } else if (hasEnded) {
            var _ = to.close();
        } else if (!to.isWritable()) {
            again(ctx, TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void again(ChannelHandlerContext ctx, long nanos) {
        if (isScheduled) {
            return;
        }
        isScheduled = true;
        var _ =
                ctx.channel()
                        .eventLoop()
                        .schedule(
                                () -> {
                                    isScheduled = false;
                                    forward(ctx);
                                },
                                nanos,
                                TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        hasEnded = true;
        forward(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.end();
    }

    /** Forgets what is under way. */
    void drop() {
        waiting.forEach(piece -> piece.bytes.release());
        waiting.clear();
        waitingBytes = 0;
        hasEnded = true;
    }
}
