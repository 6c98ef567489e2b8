package dev.rmb.bench.hostile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Connections that say something, hear the answer, perhaps say more, and are gone. */
final class ComingAndGoing implements Attack {
    /** A relay that takes no more is not connected to any faster. */
    private static final int MAX_AT_ONCE = 200;

    private final Doors doors;
    private final IntFunction<byte[]> hello;
    private final byte[] more;
    private final AtomicLong done = new AtomicLong();
    private int atOnce;
    private int next;
    private boolean stopped;

    /**
     * @param hello what the connection with that number says
     * @param more what it says once it was answered
     */
    ComingAndGoing(Doors doors, IntFunction<byte[]> hello, byte[] more) {
        this.doors = doors;
        this.hello = hello;
        this.more = more;
    }

    @Override
    public void step(int count) {
        for (int i = 0; i < count && atOnce < MAX_AT_ONCE && !stopped; i++) {
            atOnce++;
            byte[] first = hello.apply(next++);
            var _ =
                    doors.connect(new Visit(first))
                            .channel()
                            .closeFuture()
                            .addListener(_ -> atOnce--);
        }
    }

    @Override
    public long done() {
        return done.get();
    }

    @Override
    public void stop() {
        stopped = true;
    }

    private final class Visit extends SimpleChannelInboundHandler<ByteBuf> {
        private final byte[] first;

        Visit(byte[] first) {
            this.first = first;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(Unpooled.wrappedBuffer(first));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf answer) {
            done.incrementAndGet();
            var _ = context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            var _ =
                    context.writeAndFlush(Unpooled.wrappedBuffer(more))
                            .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
