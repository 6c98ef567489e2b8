package dev.rmb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordHeaderTest {
    @Test
    void theBytesAreVersionKindAndTimeBigEndian() {
        byte[] bytes = new RecordHeader(RecordHeader.Kind.RELAY, 0x0102_0304_0506_0708L).encode();

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("01020102030405060708");
    }

    @ParameterizedTest
    @EnumSource(RecordHeader.Kind.class)
    void whatWasWrittenIsRead(RecordHeader.Kind kind) {
        RecordHeader header = new RecordHeader(kind, -1);

        assertThat(RecordHeader.decode(header.encode())).isEqualTo(header);
    }

    @Test
    void whichRecordItIsComesAfterTheTime() {
        byte[] bytes =
                new RecordHeader(RecordHeader.Kind.PEER, 5, new Origin(-2, 0x0102_0304_0506_0708L))
                        .encode();

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("01000000000000000005fffffffffffffffe0102030405060708");
        assertThat(RecordHeader.origin(bytes)).isEqualTo(new Origin(-2, 0x0102_0304_0506_0708L));
    }

    @Test
    void aHeaderThatEndsBeforeTheWriterDoesNotSayWhichRecordItIs() {
        byte[] bytes = new RecordHeader(RecordHeader.Kind.PEER, 5, new Origin(7, 9)).encode();

        for (int length = RecordHeader.SIZE; length < bytes.length; length++) {
            assertThat(RecordHeader.decode(Arrays.copyOf(bytes, length)))
                    .isEqualTo(new RecordHeader(RecordHeader.Kind.PEER, 5));
        }
    }

    @Test
    void laterVersionsMayAppend() {
        RecordHeader bare = new RecordHeader(RecordHeader.Kind.PEER, 5);
        RecordHeader named = new RecordHeader(RecordHeader.Kind.PEER, 5, new Origin(7, 9));

        assertThat(RecordHeader.decode(Arrays.copyOf(bare.encode(), 40))).isEqualTo(bare);
        assertThat(RecordHeader.decode(Arrays.copyOf(named.encode(), 40))).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "010001020304050607",
                "00000000000000000005",
                "02000000000000000005",
                "01030000000000000005",
                "01ff0000000000000005"
            })
    void whatThisVersionCannotReadIsToldApart(String hex) {
        assertThatThrownBy(() -> RecordHeader.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOf(UnknownRecordException.class);
    }
}
