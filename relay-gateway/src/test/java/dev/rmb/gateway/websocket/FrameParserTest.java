package dev.rmb.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameParserTest {
    private static final int MAX_FRAME = 200_000;
    private static final int MAX_MESSAGE = 300_000;

    private final List<String> events = new ArrayList<>();
    private final FrameParser parser =
            new FrameParser(
                    MAX_FRAME,
                    MAX_MESSAGE,
                    new FrameParser.Frames() {
                        @Override
                        public void message(byte[] message) {
                            events.add(
                                    "message " + message.length + " " + Arrays.hashCode(message));
                        }

                        @Override
                        public void ping(byte[] payload) {
                            events.add("ping " + Arrays.toString(payload));
                        }

                        @Override
                        public void pong(byte[] payload) {
                            events.add("pong " + Arrays.toString(payload));
                        }

                        @Override
                        public void closed(int code) {
                            events.add("close " + code);
                        }

                        @Override
                        public void violation(int code, String reason) {
                            events.add("violation " + code);
                        }
                    });

    /** However the bytes are cut up by the network and the client, the same messages come out. */
    @ParameterizedTest
    @MethodSource("seeds")
    void messagesSurviveAnyFragmentationAndAnyCutting(long seed) {
        var random = new SplittableRandom(seed);
        List<String> expected = new ArrayList<>();
        ByteBuf wire = Unpooled.buffer();
        for (int i = 0; i < 20; i++) {
            byte[] message = bytes(random, random.nextInt(4) == 0 ? 150_000 : 300);
            expectControls(random, wire, expected);
            int at = 0;
            int frame = 0;
            do {
                int length = random.nextInt(message.length - at + 1);
                if (random.nextInt(3) == 0) {
                    length = message.length - at;
                }
                boolean last = at + length == message.length;
                frame(
                        random,
                        wire,
                        (last ? 0x80 : 0) | (frame++ == 0 ? 2 : 0),
                        Arrays.copyOfRange(message, at, at + length));
                at += length;
                if (last) {
                    break;
                }
                expectControls(random, wire, expected);
            } while (true);
            expected.add("message " + message.length + " " + Arrays.hashCode(message));
        }

        ByteBuf arrived = Unpooled.buffer();
        while (wire.isReadable()) {
            arrived.writeBytes(
                    wire,
                    Math.min(wire.readableBytes(), random.nextInt(1, 1 << random.nextInt(1, 17))));
            drain(arrived);
        }

        assertThat(events).isEqualTo(expected);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, MAX_FRAME})
    void allLengthsAreRead(int length) {
        ByteBuf wire = Unpooled.buffer();
        var random = new SplittableRandom(length);
        byte[] message = bytes(random, 0);
        message = Arrays.copyOf(message, length);
        frame(random, wire, 0x82, message);
        drain(wire);

        assertThat(events).containsExactly("message " + length + " " + Arrays.hashCode(message));
    }

    @Test
    void aFrameBeyondTheLimitIsRefusedAtItsHeader() {
        ByteBuf wire = Unpooled.buffer().writeByte(0x82).writeByte(0xFF).writeLong(MAX_FRAME + 1);
        drain(wire.writeInt(0));

        assertThat(events).containsExactly("violation 1009");
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedAtTheHeaderThatTellsIt() {
        ByteBuf wire = Unpooled.buffer();
        var random = new SplittableRandom(1);
        frame(random, wire, 0x02, new byte[MAX_FRAME]);
        frame(random, wire, 0x00, new byte[MAX_MESSAGE - MAX_FRAME]);
        drain(wire);
        assertThat(events).isEmpty();
        frame(random, wire, 0x80, new byte[1]);
        drain(wire);

        assertThat(events).containsExactly("violation 1009");
    }

    @Test
    void aNegativeLengthIsAViolation() {
        drain(Unpooled.buffer().writeByte(0x82).writeByte(0xFF).writeLong(-1).writeInt(0));

        assertThat(events).containsExactly("violation 1002");
    }

    @Test
    void nothingIsReadAfterACloseFrame() {
        ByteBuf wire = Unpooled.buffer();
        var random = new SplittableRandom(1);
        frame(random, wire, 0x88, new byte[] {0x03, (byte) 0xE9, 'b', 'y', 'e'});
        frame(random, wire, 0x89, new byte[0]);
        drain(wire);

        assertThat(events).containsExactly("close 1001");
    }

    @Test
    void aCloseFrameMayBeEmptyButNotHalfACode() {
        ByteBuf wire = Unpooled.buffer();
        frame(new SplittableRandom(1), wire, 0x88, new byte[1]);
        drain(wire);

        assertThat(events).containsExactly("violation 1002");
    }

    private void drain(ByteBuf wire) {
        while (parser.parse(wire)) {
            // On with the next frame.
        }
    }

    private static void expectControls(
            SplittableRandom random, ByteBuf wire, List<String> expected) {
        if (random.nextInt(3) == 0) {
            byte[] payload = Arrays.copyOf(bytes(random, 0), random.nextInt(126));
            boolean ping = random.nextBoolean();
            frame(random, wire, ping ? 0x89 : 0x8A, payload);
            expected.add((ping ? "ping " : "pong ") + Arrays.toString(payload));
        }
    }

    private static byte[] bytes(SplittableRandom random, int maxLength) {
        byte[] bytes = new byte[maxLength == 0 ? 0 : random.nextInt(maxLength)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void frame(SplittableRandom random, ByteBuf to, int first, byte[] payload) {
        to.writeByte(first);
        if (payload.length <= 125) {
            to.writeByte(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            to.writeByte(0x80 | 126).writeShort(payload.length);
        } else {
            to.writeByte(0x80 | 127).writeLong(payload.length);
        }
        int mask = random.nextInt();
        to.writeInt(mask);
        for (int i = 0; i < payload.length; i++) {
            to.writeByte(payload[i] ^ (mask >>> (24 - 8 * (i % 4))));
        }
    }
}
