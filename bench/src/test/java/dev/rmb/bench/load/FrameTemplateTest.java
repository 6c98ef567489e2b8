package dev.rmb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Envelope;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTemplateTest {
    private static final DemoTwin FROM = DemoTwin.of(900_001);
    private static final DemoTwin TO = DemoTwin.of(900_002);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1000));

    /** The sizes where the frame's header grows, and all four positions in the mask. */
    @ParameterizedTest
    @ValueSource(ints = {32, 33, 34, 35, 256, 65_000, 66_000, 1 << 20})
    void aServersDecoderReadsEachMessageWithItsOwnNumberAndTime(int payload) throws Exception {
        FrameTemplate template =
                FrameTemplate.of(FrameTemplate.Kind.REQUEST, 42, 3, FROM, 5, TO, payload, CLOCK);
        ByteBuf out = Unpooled.buffer();
        template.write(out, 0, Long.MIN_VALUE);
        template.write(out, 1L << 40, -1);
        assertThat(out.readableBytes()).isEqualTo(2 * template.frameLength());

        var decoder =
                new EmbeddedChannel(
                        new WebSocket13FrameDecoder(
                                WebSocketDecoderConfig.newBuilder()
                                        .expectMaskedFrames(true)
                                        .maxFramePayloadLength(16 << 20)
                                        .build()));
        decoder.writeInbound(out);

        check(decoder.readInbound(), payload, 0, Long.MIN_VALUE);
        check(decoder.readInbound(), payload, 1L << 40, -1);
    }

    @Test
    void anAnswerGoesTheOtherWayWithTheSameUid() throws Exception {
        Envelope request = envelope(FrameTemplate.Kind.REQUEST);
        Envelope answer = envelope(FrameTemplate.Kind.RESPONSE);

        assertThat(request.hasRequest()).isTrue();
        assertThat(answer.hasResponse()).isTrue();
        assertThat(answer.getUid()).isEqualTo(request.getUid());
        assertThat(answer.getSource()).isEqualTo(request.getDestination());
        assertThat(answer.getDestination()).isEqualTo(request.getSource());
    }

    private static Envelope envelope(FrameTemplate.Kind kind) throws Exception {
        FrameTemplate template = FrameTemplate.of(kind, 42, 3, FROM, 5, TO, 256, CLOCK);
        ByteBuf out = Unpooled.buffer();
        template.write(out, 7, 8);
        var decoder = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 16 << 20));
        decoder.writeInbound(out);
        BinaryWebSocketFrame frame = decoder.readInbound();
        var bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        frame.release();
        // Where receivers look for it, whatever the envelope is.
        ByteBuf payload = Unpooled.wrappedBuffer(bytes, bytes.length - 256, 256);
        assertThat(payload.getLong(FrameTemplate.RUN_AT)).isEqualTo(42);
        assertThat(payload.getLong(FrameTemplate.NUMBER_AT)).isEqualTo(7);
        return Envelope.parseFrom(bytes);
    }

    private static void check(BinaryWebSocketFrame frame, int payload, long number, long time)
            throws Exception {
        var bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        frame.release();
        Envelope envelope = Envelope.parseFrom(bytes);
        assertThat(envelope.getSource().getTwin()).isEqualTo((int) FROM.id());
        assertThat(envelope.getDestination().getTwin()).isEqualTo((int) TO.id());
        assertThat(envelope.getTimestamp()).isEqualTo(1000);
        assertThat(envelope.getSignature().size()).isEqualTo(65);
        assertThat(envelope.getPlain().size()).isEqualTo(payload);
        ByteBuf head = Unpooled.wrappedBuffer(envelope.getPlain().toByteArray());
        assertThat(head.getLong(FrameTemplate.RUN_AT)).isEqualTo(42);
        assertThat(head.getInt(FrameTemplate.SENDER_AT)).isEqualTo(3);
        assertThat(head.getInt(FrameTemplate.RECEIVER_AT)).isEqualTo(5);
        assertThat(head.getLong(FrameTemplate.NUMBER_AT)).isEqualTo(number);
        assertThat(head.getLong(FrameTemplate.TIME_AT)).isEqualTo(time);
        // The receiver finds the payload by its length, so it has to be the end.
        assertThat(bytes).endsWith(envelope.getPlain().toByteArray());
    }
}
