package dev.rmb.bench.hostile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A few sessions that send the same thing over and over, and read nothing back. Where the relay
 * takes no more, nothing is sent; where it ends a session, there is soon another.
 */
final class Torrent implements Attack {
    private static final int SESSIONS = 8;

    private final Doors doors;
    private final String name;
    private final byte[] beginning;
    private final byte[] drop;
    private final List<Channel> open = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private int connecting;
    private int turn;
    private boolean stopped;

    /**
     * @param beginning what each session sends first
     * @param drop what it sends then, once for each step
     */
    Torrent(Doors doors, String name, byte[] beginning, byte[] drop) {
        this.doors = doors;
        this.name = name;
        this.beginning = beginning;
        this.drop = drop;
    }

    @Override
    public void step(int count) {
        open.removeIf(channel -> !channel.isActive());
        if (open.size() + connecting < SESSIONS && !stopped) {
            // The others with the next steps.
            connecting++;
            var _ =
                    doors.connect(new Source(doors.upgrade(name + turn++)))
                            .addListener(connected -> {
                                if (!connected.isSuccess()) {
                                    connecting--;
                                }
                            });
        }
        if (open.isEmpty()) {
            return;
        }
        for (Channel channel : open) {
            int share = Math.ceilDiv(count, open.size());
            if (channel.isWritable()) {
                ByteBuf drops = channel.alloc().buffer(share * drop.length);
                for (int i = 0; i < share; i++) {
                    drops.writeBytes(drop);
                }
                var _ = channel.writeAndFlush(drops, channel.voidPromise());
                done.addAndGet(share);
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
        for (Channel channel : open) {
            var _ = channel.close();
        }
        open.clear();
    }

    private final class Source extends SimpleChannelInboundHandler<ByteBuf> {
        private final byte[] request;
        private boolean waits = true;

        Source(byte[] request) {
            this.request = request;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(Unpooled.wrappedBuffer(request));
        }

        /** The answer to the upgrade; nothing is read after it. */
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf answer) {
            if (!waits) {
                return;
            }
            arrived();
            if (stopped) {
                var _ = context.close();
                return;
            }
            context.channel().config().setAutoRead(false);
            var _ = context.writeAndFlush(Unpooled.wrappedBuffer(beginning));
            open.add(context.channel());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            arrived();
        }

        private void arrived() {
            if (waits) {
                waits = false;
                connecting--;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
