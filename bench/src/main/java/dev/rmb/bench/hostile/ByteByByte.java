package dev.rmb.bench.hostile;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Many connections that take turns to send one byte more of what would let them in. */
final class ByteByByte implements Attack {
    private static final int CONNECTIONS = 1_000;

    private final Doors doors;
    private final byte[] request;
    private final Deque<Slow> open = new ArrayDeque<>();
    private final AtomicLong done = new AtomicLong();
    private int connecting;
    private boolean stopped;

    ByteByByte(Doors doors, byte[] request) {
        this.doors = doors;
        this.request = request;
    }

    @Override
    public void step(int count) {
        for (int i = 0; i < count && !stopped; i++) {
            Slow slow = open.poll();
            if (slow != null && slow.next()) {
                open.add(slow);
                done.incrementAndGet();
            }
            if (open.size() + connecting < CONNECTIONS) {
                connecting++;
                var _ = doors.connect(new Slow()).addListener(_ -> connecting--);
            }
        }
    }

    @Override
    public long done() {
        return done.get();
    }

    @Override
    public void stop() {
        stopped = true;
        open.forEach(Slow::close);
        open.clear();
    }

    private final class Slow extends ChannelInboundHandlerAdapter {
        private @Nullable Channel channel;
        private int at;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            if (stopped) {
                close();
            } else {
                open.add(this);
            }
        }

        /** Whether there is a connection, and a byte that is not its last one. */
        boolean next() {
            Channel to = channel;
            if (to == null || !to.isActive() || at == request.length - 1) {
                close();
                return false;
            }
            var _ = to.writeAndFlush(Unpooled.wrappedBuffer(request, at++, 1));
            return true;
        }

        void close() {
            if (channel != null) {
                var _ = channel.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
