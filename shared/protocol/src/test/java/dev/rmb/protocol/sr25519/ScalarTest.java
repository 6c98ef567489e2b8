package dev.rmb.protocol.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScalarTest {
    private static final BigInteger ORDER =
            BigInteger.ONE
                    .shiftLeft(252)
                    .add(new BigInteger("27742317777372353535851937790883648493"));

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void arithmeticAgreesWithBigInteger(long seed) {
        var random = new SplittableRandom(seed);
        BigInteger a = wide(random);
        BigInteger b = wide(random);

        assertThat(value(scalar(a))).isEqualTo(a.mod(ORDER));
        assertThat(value(scalar(a).plus(scalar(b)))).isEqualTo(a.add(b).mod(ORDER));
        assertThat(value(scalar(a).times(scalar(b)))).isEqualTo(a.multiply(b).mod(ORDER));
    }

    @Test
    void numbersAroundMultiplesOfTheOrderAreReduced() {
        BigInteger largest = BigInteger.ONE.shiftLeft(512).subtract(BigInteger.ONE);
        for (int i = -3; i <= 3; i++) {
            for (BigInteger multiple : new BigInteger[] {BigInteger.ONE, BigInteger.TWO, ORDER}) {
                BigInteger number = ORDER.multiply(multiple).add(BigInteger.valueOf(i));
                assertThat(value(scalar(number))).isEqualTo(number.mod(ORDER));
            }
        }
        assertThat(value(scalar(largest))).isEqualTo(largest.mod(ORDER));
    }

    @Test
    void onlyNumbersBelowTheOrderAreCanonical() {
        assertThat(Scalar.canonical(bytes(BigInteger.ZERO, 32))).isNotNull();
        assertThat(Scalar.canonical(bytes(ORDER.subtract(BigInteger.ONE), 32))).isNotNull();
        assertThat(Scalar.canonical(bytes(ORDER, 32))).isNull();
        assertThat(Scalar.canonical(bytes(ORDER.add(BigInteger.ONE), 32))).isNull();
        assertThat(
                        Scalar.canonical(
                                bytes(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE), 32)))
                .isNull();
    }

    /** Random, but with runs of ones and zeros, where carries go wrong. */
    private static BigInteger wide(SplittableRandom random) {
        BigInteger number = BigInteger.ZERO;
        while (number.bitLength() < 480) {
            int run = random.nextInt(1, 70);
            number = number.shiftLeft(run);
            switch (random.nextInt(3)) {
                case 0 -> number = number.setBit(run - 1);
                case 1 ->
                        number = number.or(BigInteger.ONE.shiftLeft(run).subtract(BigInteger.ONE));
                default ->
                        number =
                                number.or(
                                        new BigInteger(
                                                        1,
                                                        bytes(
                                                                BigInteger.valueOf(
                                                                        random.nextLong()),
                                                                8))
                                                .mod(BigInteger.ONE.shiftLeft(run)));
            }
        }
        return number.mod(BigInteger.ONE.shiftLeft(512));
    }

    private static Scalar scalar(BigInteger number) {
        return Scalar.reduce(bytes(number, 64));
    }

    private static BigInteger value(Scalar scalar) {
        BigInteger number = BigInteger.ZERO;
        byte[] bytes = scalar.bytes();
        for (int i = bytes.length - 1; i >= 0; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xFF));
        }
        return number;
    }

    private static byte[] bytes(BigInteger number, int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
