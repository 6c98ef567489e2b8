package dev.rmb.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A turn's frames are one write for the socket. */
final class OutputTest {
    private int flushes;

    private final EmbeddedChannel channel =
            new EmbeddedChannel(
                    new ChannelOutboundHandlerAdapter() {
                        @Override
                        public void flush(ChannelHandlerContext context) {
                            flushes++;
                            context.flush();
                        }
                    });
    private final Output output = new Output(channel);

    @Test
    void manySmallFramesAreOneWriteAndOneFlush() {
        for (int i = 0; i < 1_000; i++) {
            output.room(20).writeZero(20);
        }
        assertThat(flushes).isZero();
        assertThat(output.queuedBytes()).isEqualTo(20_000);

        output.flush();
        output.flush();

        assertThat(flushes).isEqualTo(1);
        assertThat(written()).isEqualTo(20_000);
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
    }

    @Test
    void moreThanABufferHoldsIsSeveralWritesAndStillOneFlush() {
        for (int i = 0; i < 100; i++) {
            output.room(10_000).writeZero(10_000);
        }

        output.flush();

        assertThat(flushes).isEqualTo(1);
        int all = 0;
        int writes = 0;
        for (int bytes = written(); bytes > 0; bytes = written()) {
            all += bytes;
            writes++;
        }
        assertThat(all).isEqualTo(1_000_000);
        assertThat(writes).isEqualTo(17);
    }

    private int written() {
        ByteBuf buffer = channel.readOutbound();
        if (buffer == null) {
            return 0;
        }
        int bytes = buffer.readableBytes();
        buffer.release();
        return bytes;
    }
}
