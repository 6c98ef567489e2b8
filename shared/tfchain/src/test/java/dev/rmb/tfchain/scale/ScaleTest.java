package dev.rmb.tfchain.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScaleTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 04",
        "63, fc",
        "64, 0101",
        "16383, fdff",
        "16384, 02000100",
        "1073741823, feffffff",
        "1073741824, 0300000040",
        "4294967295, 03ffffffff",
        "4294967296, 070000000001",
        "18446744073709551615, 13ffffffffffffffff"
    })
    void compactIntegersHaveTheirKnownForm(BigInteger value, String hex) {
        assertThat(hex(new ScaleWriter().compact(value))).isEqualTo(hex);
        assertThat(reader(hex).compact()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100", // 0 in two bytes
                "fd00", // 63
                "02000000",
                "feff0000", // 16383
                "0300000000",
                "03ffffff3f", // 2^30 - 1
                "070000004000",
                "ff00",
                "03ffff"
            })
    void aCompactIntegerThatIsLongerThanNeededOrCutOffIsRefused(String hex) {
        assertThatThrownBy(() -> reader(hex).compact()).isInstanceOf(ScaleException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenIsReadBack(long seed) {
        var random = new SplittableRandom(seed);
        BigInteger compact = new BigInteger(random.nextInt(1, 536), new Random(seed));
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        long number = random.nextLong();
        boolean truth = random.nextBoolean();
        byte[] written =
                new ScaleWriter()
                        .compact(compact)
                        .byteList(bytes)
                        .u64(number)
                        .u32(number)
                        .u16((int) number)
                        .u8((int) number)
                        .bool(truth)
                        .optionalByteList(truth ? bytes : null)
                        .text("grüße")
                        .toByteArray();

        var reader = new ScaleReader(written);
        assertThat(reader.compact()).isEqualTo(compact);
        assertThat(reader.byteList()).isEqualTo(bytes);
        assertThat(reader.u64()).isEqualTo(number);
        assertThat(reader.u32()).isEqualTo(number & 0xFFFF_FFFFL);
        assertThat(reader.u16()).isEqualTo((int) number & 0xFFFF);
        assertThat(reader.u8()).isEqualTo((int) number & 0xFF);
        assertThat(reader.bool()).isEqualTo(truth);
        assertThat(reader.option(ScaleReader::byteList).isPresent()).isEqualTo(truth);
        assertThat(reader.text()).isEqualTo("grüße");
        reader.expectEnd();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPrefixOfAListIsRefused(long seed) {
        var random = new SplittableRandom(seed);
        byte[] bytes = new byte[random.nextInt(1, 200)];
        byte[] written = new ScaleWriter().byteList(bytes).toByteArray();
        int length = random.nextInt(written.length);

        var reader = new ScaleReader(Arrays.copyOf(written, length));
        assertThatThrownBy(reader::byteList).isInstanceOf(ScaleException.class);
    }

    @Test
    void aLengthWithoutTheBytesForItTakesNoMemory() {
        assertThatThrownBy(() -> reader("feffffff00").byteList())
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("cut off");
        assertThatThrownBy(() -> reader("feffffff00").list(ScaleReader::u8))
                .isInstanceOf(ScaleException.class);
        assertThatThrownBy(() -> reader("13ffffffffffffffff").byteList())
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("beyond 32 bits");
    }

    @Test
    void truthAndOptionsAreZeroOrOneAndTextIsUtf8() {
        assertThatThrownBy(() -> reader("02").bool()).isInstanceOf(ScaleException.class);
        assertThatThrownBy(() -> reader("02").option(ScaleReader::u8))
                .isInstanceOf(ScaleException.class);
        assertThatThrownBy(() -> reader("04ff").text())
                .isInstanceOf(ScaleException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> reader("0000").expectEnd()).isInstanceOf(ScaleException.class);
        assertThat(reader("080102").list(ScaleReader::u8)).isEqualTo(List.of(1, 2));
    }

    @Test
    void aNegativeOrHugeIntegerHasNoCompactForm() {
        assertThatThrownBy(() -> new ScaleWriter().compact(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScaleWriter().compact(BigInteger.ONE.shiftLeft(536)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ScaleReader reader(String hex) {
        return new ScaleReader(HexFormat.of().parseHex(hex));
    }

    private static String hex(ScaleWriter writer) {
        return HexFormat.of().formatHex(writer.toByteArray());
    }
}
