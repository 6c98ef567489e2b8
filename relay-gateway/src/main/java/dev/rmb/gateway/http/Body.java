package dev.rmb.gateway.http;

import dev.rmb.gateway.socket.Assembly;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The body of a request, while it is read. For its connection's event loop only. */
final class Body {
    /** What became of a piece. */
    enum Taken {
        FINE,
        /** The body is larger than it may be. */
        TOO_BIG,
        /** There is no room for what all connections hold together. */
        NO_ROOM
    }

    private final int max;
    private final long maxInAll;
    private final AtomicLong inAll;
    private final Consumer<byte[]> then;
    private final Assembly bytes;
    private long counted;

    /**
     * @param inAll what all bodies hold, this one included
     */
    Body(int max, long maxInAll, AtomicLong inAll, Consumer<byte[]> then) {
        this.max = max;
        this.bytes = new Assembly(max);
        this.maxInAll = maxInAll;
        this.inAll = inAll;
        this.then = then;
    }

    Taken take(ByteBuf piece) {
        if (piece.readableBytes() > max - bytes.size()) {
            return Taken.TOO_BIG;
        }
        var _ = bytes.append(piece, piece.readableBytes());
        return count(bytes.held()) > maxInAll ? Taken.NO_ROOM : Taken.FINE;
    }

    /** All of it is there. */
    void finish() {
        byte[] whole = bytes.finish();
        var _ = count(0);
        then.accept(whole);
    }

    /** Nothing more comes of it. */
    void drop() {
        bytes.clear();
        var _ = count(0);
    }

    private long count(long now) {
        long more = now - counted;
        counted = now;
        return inAll.addAndGet(more);
    }
}
