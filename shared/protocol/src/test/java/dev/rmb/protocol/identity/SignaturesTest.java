package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must never pass for a signature, whoever made it. */
final class SignaturesTest {
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final BigInteger ORDER =
            BigInteger.ONE
                    .shiftLeft(252)
                    .add(new BigInteger("27742317777372353535851937790883648493"));

    /** Every encoding of a point of edwards25519 whose order divides 8, non-canonical ones too. */
    static Stream<String> lowOrderPoints() {
        return Stream.of(
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    }

    /** With such a key, s = 0 and R = A or the like would hold for one message in eight. */
    @ParameterizedTest
    @MethodSource("lowOrderPoints")
    void pointsOfLowOrderAreNobodysKeyOrCommitment(String point) {
        AccountId lowOrder = AccountId.parse(point);
        for (KeyType type : KeyType.values()) {
            for (String commitment : lowOrderPoints().toList()) {
                byte[] forged =
                        signature(type, HexFormat.of().parseHex(commitment), BigInteger.ZERO);
                for (int message = 0; message < 16; message++) {
                    assertThat(Signatures.verify(lowOrder, new byte[] {(byte) message}, forged))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void theNeutralElementIsNobodysKey() {
        // R = s B holds for every message if A is neutral: a twin with this account would be
        // everybody's to use.
        byte[] generator =
                HexFormat.of()
                        .parseHex(
                                "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");
        byte[] forged = signature(KeyType.SR25519, generator, BigInteger.ONE);

        assertThat(Signatures.verify(AccountId.of(new byte[32]), MESSAGE, forged)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void addingTheOrderToTheResponseBreaksTheSignature(KeyType type) {
        try (var pair = KeyPair.of(type, "//Alice")) {
            byte[] good = pair.sign(MESSAGE);
            byte[] commitment = Arrays.copyOfRange(good, 1, 33);
            BigInteger response = littleEndian(Arrays.copyOfRange(good, 33, 65));
            if (type == KeyType.SR25519) {
                response = response.clearBit(255);
            }

            assertThat(Signatures.verify(pair.account(), MESSAGE, good)).isTrue();
            assertThat(signature(type, commitment, response)).isEqualTo(good);
            for (int times = 1; times <= 7; times++) {
                BigInteger malleated = response.add(ORDER.multiply(BigInteger.valueOf(times)));
                byte[] signature = signature(type, commitment, malleated);
                assertThat(Signatures.verify(pair.account(), MESSAGE, signature)).isFalse();
            }
        }
    }

    @Test
    void anSr25519SignatureWithoutSchnorrkelsMarkIsRefused() {
        try (var pair = KeyPair.of(KeyType.SR25519, "//Alice")) {
            byte[] signature = pair.sign(MESSAGE);
            signature[64] &= 0x7F;

            assertThat(Signatures.verify(pair.account(), MESSAGE, signature)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 64, 66, 130})
    void otherLengthsAreRefused(int length) {
        try (var pair = KeyPair.of(KeyType.SR25519, "//Alice")) {
            byte[] signature = Arrays.copyOf(pair.sign(MESSAGE), length);

            assertThat(Signatures.verify(pair.account(), MESSAGE, signature)).isFalse();
        }
    }

    @Test
    void otherTypeBytesAreRefused() {
        try (var pair = KeyPair.of(KeyType.SR25519, "//Alice")) {
            byte[] signature = pair.sign(MESSAGE);
            for (int type = 0; type < 256; type++) {
                signature[0] = (byte) type;
                assertThat(Signatures.verify(pair.account(), MESSAGE, signature))
                        .isEqualTo(type == 's');
            }
        }
    }

    private static byte[] signature(KeyType type, byte[] commitment, BigInteger response) {
        byte[] signature = Arrays.copyOf(new byte[] {type.typeByte()}, Signatures.LENGTH);
        System.arraycopy(commitment, 0, signature, 1, commitment.length);
        for (int i = 0; i < 32; i++) {
            signature[33 + i] = response.shiftRight(8 * i).byteValue();
        }
        if (type == KeyType.SR25519) {
            signature[64] |= (byte) 0x80;
        }
        return signature;
    }

    private static BigInteger littleEndian(byte[] bytes) {
        BigInteger number = BigInteger.ZERO;
        for (int i = bytes.length - 1; i >= 0; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xFF));
        }
        return number;
    }
}
