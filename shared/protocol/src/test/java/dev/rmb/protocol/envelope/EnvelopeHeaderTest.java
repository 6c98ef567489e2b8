package dev.rmb.protocol.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.Address;
import java.nio.ByteBuffer;
import java.util.HexFormat;
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
        assertThat(named.hasSource(Address.parse("7:日本\ud83d"))).isFalse();
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
