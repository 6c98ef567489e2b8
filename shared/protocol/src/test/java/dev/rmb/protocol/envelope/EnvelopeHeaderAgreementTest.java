package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Protobuf's own parser is the specification: the scanner takes, refuses and reads the same. */
final class EnvelopeHeaderAgreementTest {
    private static final int INPUTS_PER_SEED = 2_000;
    private static final int INPUTS_PER_LONG_SEED = 200_000;

    /** Off the heap buffers are costly to make, and this one is read before the next input. */
    private static final ByteBuffer OFF_HEAP = ByteBuffer.allocateDirect(1 << 16);

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    static LongStream longSeeds() {
        return LongStream.range(1_000, 1_020);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scannerAndParserAgree(long seed) {
        agree(seed, INPUTS_PER_SEED);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("longSeeds")
    void scannerAndParserAgreeOnMillions(long seed) {
        agree(seed, INPUTS_PER_LONG_SEED);
    }

    private static void agree(long seed, int inputs) {
        var noise = new WireNoise(new SplittableRandom(seed));
        int taken = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] bytes = noise.next();
            Envelope parsed = parse(bytes);
            taken += parsed == null ? 0 : 1;
            checkAllForms(bytes, parsed);
        }
        // Were nearly all inputs refused, or taken, this test would show little.
        assertThat(taken).isBetween(inputs / 4, inputs * 3 / 4);
    }

    private static void checkAllForms(byte[] bytes, @Nullable Envelope parsed) {
        byte[] shifted = new byte[bytes.length + 20];
        Arrays.fill(shifted, (byte) 0xAA);
        System.arraycopy(bytes, 0, shifted, 7, bytes.length);
        ByteBuffer heap = ByteBuffer.wrap(shifted, 7, bytes.length);
        ByteBuffer direct = OFF_HEAP.clear();
        direct.put(shifted).position(7).limit(7 + bytes.length);

        check(bytes, parsed, scan(() -> EnvelopeHeader.scan(bytes)));
        check(bytes, parsed, scan(() -> EnvelopeHeader.scan(shifted, 7, bytes.length)));
        check(bytes, parsed, scan(() -> EnvelopeHeader.scan(heap.slice())));
        check(bytes, parsed, scan(() -> EnvelopeHeader.scan(heap.asReadOnlyBuffer())));
        check(bytes, parsed, scan(() -> EnvelopeHeader.scan(direct)));
    }

    private static @Nullable Envelope parse(byte[] bytes) {
        try {
            return Envelope.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private interface Scan {
        EnvelopeHeader header();
    }

    private static @Nullable EnvelopeHeader scan(Scan scan) {
        try {
            return scan.header();
        } catch (MalformedEnvelopeException e) {
            return null;
        }
    }

    private static void check(
            byte[] bytes, @Nullable Envelope parsed, @Nullable EnvelopeHeader header) {
        if (parsed == null || header == null) {
            if ((parsed == null) != (header == null)) {
                throw new AssertionError(
                        (parsed == null ? "only the scanner takes " : "only the parser takes ")
                                + HexFormat.of().formatHex(bytes));
            }
            return;
        }
        if (!agrees(parsed, header)) {
            throw new AssertionError("not read alike: " + HexFormat.of().formatHex(bytes));
        }
    }

    /** One condition rather than assertions, of which millions would be most of the run. */
    private static boolean agrees(Envelope parsed, EnvelopeHeader header) {
        String tags = parsed.hasTags() ? parsed.getTags() : null;
        return header.uid().equals(parsed.getUid())
                && equal(header.tags(), tags)
                && header.failFast() == (tags != null && hasFailFast(tags))
                && header.timestamp() == parsed.getTimestamp()
                && header.expiration() == parsed.getExpiration()
                && header.kind().name().equals(kind(parsed))
                && agrees(
                        parsed.getSource(),
                        header.sourceTwin(),
                        header.sourceConnection(),
                        header.source())
                && agrees(
                        parsed.getDestination(),
                        header.destinationTwin(),
                        header.destinationConnection(),
                        header.destination())
                && recognizesItsAddresses(header);
    }

    private static boolean agrees(
            dev.rmb.proto.Address parsed,
            long twin,
            @Nullable String connection,
            @Nullable Address address) {
        Address expected = Envelopes.fromProto(parsed);
        return twin == Integer.toUnsignedLong(parsed.getTwin())
                && equal(connection, parsed.hasConnection() ? parsed.getConnection() : null)
                && (expected == null ? address == null : expected.equals(address));
    }

    private static boolean recognizesItsAddresses(EnvelopeHeader header) {
        String connection = header.sourceConnection();
        byte[] utf8 = connection == null ? null : connection.getBytes(StandardCharsets.UTF_8);
        byte[] longer = (connection + "x").getBytes(StandardCharsets.UTF_8);
        Address source = header.source();
        Address destination = header.destination();
        return header.sourceIs(header.sourceTwin(), utf8)
                && !header.sourceIs(header.sourceTwin() + 1, utf8)
                && !header.sourceIs(header.sourceTwin(), longer)
                && (utf8 == null || !header.sourceIs(header.sourceTwin(), null))
                && (source == null || header.hasSource(source))
                && (source == null
                        || !header.hasSource(new Address(source.twin(), connection + "x")))
                && (destination == null || header.hasDestination(destination))
                && (source == null
                        || destination == null
                        || header.hasSource(destination) == source.equals(destination));
    }

    private static boolean hasFailFast(String tags) {
        return Arrays.asList(tags.split("[,\\p{IsWhite_Space}]", -1)).contains("fail-fast");
    }

    private static String kind(Envelope parsed) {
        return switch (parsed.getMessageCase()) {
            case REQUEST, RESPONSE, ERROR, PING, PONG -> parsed.getMessageCase().name();
            case MESSAGE_NOT_SET -> "NONE";
        };
    }

    private static boolean equal(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equals(b);
    }
}
