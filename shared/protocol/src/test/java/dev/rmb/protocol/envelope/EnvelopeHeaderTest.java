package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvelopeHeaderTest {
    @Test
    void everyFieldIsRead() {
        EnvelopeHeader header =
                scan(
                        Envelope.newBuilder()
                                .setUid("u")
                                .setTags("a, fail-fast")
                                .setTimestamp(1)
                                .setExpiration(2)
                                .setSource(Envelopes.toProto(Address.parse("3:x")))
                                .setDestination(Envelopes.toProto(Address.parse("4")))
                                .setRequest(Request.newBuilder().setCommand("c"))
                                .setPlain(ByteString.copyFromUtf8("p"))
                                .build());

        assertThat(header.uid()).isEqualTo("u");
        assertThat(header.tags()).isEqualTo("a, fail-fast");
        assertThat(header.failFast()).isTrue();
        assertThat(header.lifetime()).isEqualTo(new Lifetime(1, 2));
        assertThat(header.source()).isEqualTo(Address.parse("3:x"));
        assertThat(header.destination()).isEqualTo(Address.parse("4"));
        assertThat(header.kind()).isEqualTo(EnvelopeHeader.Kind.REQUEST);
    }

    @Test
    void noBytesAreAnEnvelopeWithoutAnything() {
        EnvelopeHeader header = EnvelopeHeader.scan(new byte[0]);

        assertThat(header.uid()).isEmpty();
        assertThat(header.tags()).isNull();
        assertThat(header.failFast()).isFalse();
        assertThat(header.source()).isNull();
        assertThat(header.sourceTwin()).isZero();
        assertThat(header.sourceConnection()).isNull();
        assertThat(header.destination()).isNull();
        assertThat(header.kind()).isEqualTo(EnvelopeHeader.Kind.NONE);
    }

    @Test
    void aSourceIsRecognizedExactly() {
        EnvelopeHeader named = source("7:日本\ud83d\ude00");
        EnvelopeHeader empty = source("7:");
        EnvelopeHeader unnamed = source("7");

        assertThat(named.hasSource(Address.parse("7:日本\ud83d\ude00"))).isTrue();
        assertThat(named.hasSource(Address.parse("7:日本"))).isFalse();
        assertThat(named.hasSource(Address.parse("7:日本\ud83d\ude00x"))).isFalse();
        assertThat(named.hasSource(Address.parse("8:日本\ud83d\ude00"))).isFalse();
        assertThat(named.hasSource(Address.parse("7"))).isFalse();
        assertThat(empty.hasSource(Address.parse("7:"))).isTrue();
        assertThat(empty.hasSource(Address.parse("7"))).isFalse();
        assertThat(empty.sourceIs(7, new byte[0])).isTrue();
        assertThat(empty.sourceIs(7, null)).isFalse();
        assertThat(unnamed.hasSource(Address.parse("7"))).isTrue();
        assertThat(unnamed.hasSource(Address.parse("7:"))).isFalse();
        assertThat(unnamed.sourceIs(7, null)).isTrue();
        assertThat(unnamed.sourceIs(7, new byte[0])).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "fail-fast|true",
                "a,fail-fast|true",
                "fail-fast,b|true",
                "a fail-fast b|true",
                "\"a\tfail-fast\nb\"|true",
                "\"a\u00a0fail-fast\"|true",
                "a,,fail-fast,,|true",
                "Fail-Fast|false",
                "fail-fas|false",
                "fail-faster|false",
                "xfail-fast|false",
                "fail -fast|false",
                "fail-fast;|false",
                "fail-fastfail-fast|false",
                "日本 fail-fast|true",
                "日本fail-fast|false",
                "\"\"|false"
            })
    void failFastIsOneOfTheTags(String tags, boolean failFast) {
        assertThat(scan(Envelope.newBuilder().setTags(tags).build()).failFast())
                .isEqualTo(failFast);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0a", // no length
                "0a0561", // a length beyond the end
                "0affffffff0f61", // a negative length
                "0affffffffffffffffff7f61", // the same in ten bytes
                "18", // no number
                "1880", // a number cut off
                "188080808080808080808000", // a number of eleven bytes
                "620b0880808080808080808081", // an error's code, 32 bits, cut off after ten bytes
                "620c088080808080808080808100", // the same with an eleventh
                "2a0b0880808080808080808081", // a twin, 32 bits, cut off after ten bytes
                // alone
                "7a0b0880808080808080808082", // unknown in a ping, the tenth byte even and not the
                // last
                "0a02c328", // not UTF-8
                "0a03eda080", // a surrogate
                "0a02c080", // an overlong NUL
                "2a0612ff", // an address cut off
                "2a0212c3", // a string cut off within its address
                "2a0312018f", // a connection that is not UTF-8
                "3a030a01ff", // a command that is not UTF-8
                "62031201ff", // an error text that is not UTF-8
                "520180", // a schema that is not UTF-8
                "00", // field number 0
                "0700", // the same with wire type 7
                "0e00", // wire type 6
                "0f00", // wire type 7
                "0c", // the end of a group never begun
                "0b", // a group never ended
                "0b14", // a group ended as another
                "2a010b", // a group never ended within an address
                "2a030b1408", // a group ended as another within an address
                "09010203", // a fixed64 cut off
                "0d010203" // a fixed32 cut off
            })
    void whatTheParserRefusesIsMalformed(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();

        assertThatThrownBy(() -> Envelope.parseFrom(bytes)).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> EnvelopeHeader.scan(bytes))
                .isInstanceOf(MalformedEnvelopeException.class)
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
        assertThatThrownBy(() -> EnvelopeHeader.scan(direct))
                .isInstanceOf(MalformedEnvelopeException.class);
    }

    /**
     * A 64-bit varint ends at its tenth byte, if that is odd, whatever it says of an eleventh; one
     * of 32 bits does not, and drops what is above them.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1880808080808080808081", // a timestamp
                "2081808080808080808081", // an expiration
                "7a0b0880808080808080808081", // a field unknown to a ping
                "3a0b1080808080808080808081", // a field unknown to a request
                "620b1880808080808080808081", // a field unknown to an error
                "2a0b1880808080808080808081", // a field unknown to an address
                "620b08ffffffffffffffffff7f", // an error's code with bits above 32 and 64
                "2a0b0887808080f0ffffffff7f", // a twin with bits above 32 and 64
                "2a0d0887808080f0ffffffff7f1200", // the same and a connection
                "62828080808080808080000801" // a length of ten bytes
            })
    void longVarintsAreReadAsTheParserReadsThem(String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Envelope parsed = Envelope.parseFrom(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();

        for (EnvelopeHeader header :
                List.of(EnvelopeHeader.scan(bytes), EnvelopeHeader.scan(direct))) {
            assertThat(header.timestamp()).isEqualTo(parsed.getTimestamp());
            assertThat(header.expiration()).isEqualTo(parsed.getExpiration());
            assertThat(header.sourceTwin()).isEqualTo(parsed.getSource().getTwin());
            assertThat(header.kind() == EnvelopeHeader.Kind.ERROR).isEqualTo(parsed.hasError());
        }
    }

    /** The header, its two addresses and its reader; what an envelope holds adds nothing. */
    @Test
    void scanningAllocatesTheHeaderAlone() {
        byte[] empty = {};
        byte[] full =
                Envelope.newBuilder()
                        .setUid("7b8c3f52-9d1e-4a57-8f0b-2a6c1d9e4f30")
                        .setTags("a, fail-fast")
                        .setTimestamp(1_800_000_000L)
                        .setExpiration(60)
                        .setSource(Envelopes.toProto(Address.parse("3:日本")))
                        .setDestination(Envelopes.toProto(Address.parse("4:laptop")))
                        .setRequest(Request.newBuilder().setCommand("calculator.add"))
                        .setSchema("application/json")
                        .setPlain(ByteString.copyFrom(new byte[4096]))
                        .build()
                        .toByteArray();
        ByteBuffer direct = ByteBuffer.allocateDirect(full.length).put(full).flip();
        Address source = Address.parse("3:日本");

        long header = allocatedByEach(() -> EnvelopeHeader.scan(empty).kind());

        assertThat(header).isBetween(1L, 256L);
        assertThat(allocatedByEach(() -> EnvelopeHeader.scan(full).hasSource(source)))
                .isLessThanOrEqualTo(header + 8);
        assertThat(allocatedByEach(() -> EnvelopeHeader.scan(full).failFast()))
                .isLessThanOrEqualTo(header + 8);
        assertThat(allocatedByEach(() -> EnvelopeHeader.scan(direct).kind()))
                .isLessThanOrEqualTo(header + 8);
    }

    /**
     * Bytes of this thread for each run, the fewest of several rounds: others are the JVM's own.
     */
    private static long allocatedByEach(Supplier<?> action) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int runs = 1000;
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < runs; i++) {
                Objects.requireNonNull(action.get());
            }
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest / runs;
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101, 10_000, 1_000_000})
    void groupsNestToAHundredLevels(int levels) {
        byte[] bytes = new byte[2 * levels];
        java.util.Arrays.fill(bytes, 0, levels, (byte) 0x0B);
        java.util.Arrays.fill(bytes, levels, 2 * levels, (byte) 0x0C);

        if (levels <= 100) {
            assertThat(EnvelopeHeader.scan(bytes).kind()).isEqualTo(EnvelopeHeader.Kind.NONE);
        } else {
            assertThatThrownBy(() -> EnvelopeHeader.scan(bytes))
                    .isInstanceOf(MalformedEnvelopeException.class);
        }
    }

    @Test
    void namesOfAnyLengthAreRead() {
        String giant = "é".repeat(5_000_000);

        EnvelopeHeader header =
                scan(
                        Envelope.newBuilder()
                                .setUid(giant)
                                .setSource(
                                        dev.rmb.proto.Address.newBuilder()
                                                .setTwin(1)
                                                .setConnection(giant))
                                .build());

        assertThat(header.uid()).isEqualTo(giant);
        assertThat(header.hasSource(new Address(1, giant))).isTrue();
    }

    @Test
    void bytesOutsideTheGivenOnesAreNotRead() {
        byte[] surrounded = HexFormat.of().parseHex("ffff0a0161ffff");

        assertThat(EnvelopeHeader.scan(surrounded, 2, 3).uid()).isEqualTo("a");
        assertThatThrownBy(() -> EnvelopeHeader.scan(surrounded, 2, 2))
                .isInstanceOf(MalformedEnvelopeException.class);
        assertThatThrownBy(() -> EnvelopeHeader.scan(surrounded, 2, 6))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aBuffersPositionAndLimitStay() {
        ByteBuffer buffer = ByteBuffer.wrap(HexFormat.of().parseHex("ffff0a0161ffff"));
        buffer.position(2).limit(5);

        assertThat(EnvelopeHeader.scan(buffer).uid()).isEqualTo("a");
        assertThat(buffer.position()).isEqualTo(2);
        assertThat(buffer.limit()).isEqualTo(5);
    }

    private static EnvelopeHeader source(String address) {
        return scan(
                Envelope.newBuilder().setSource(Envelopes.toProto(Address.parse(address))).build());
    }

    private static EnvelopeHeader scan(Envelope envelope) {
        return EnvelopeHeader.scan(envelope.toByteArray());
    }
}
