package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /**
     * Keys and commitments with a part of low order, which only their own signer can make. The
     * first four satisfy 8sB = 8R + 8kA alone, and peers that compare sB - kA with R refuse them;
     * the last two satisfy both. See docs/specification.md, 12.
     */
    @ParameterizedTest
    @CsvSource({
        "c78c5df02af4ff68a4057418694f02a3297deae4f16c080d23f43dca55a5e2e2, 9a80e86d2376314cc88a21b089d95fe3, "
                + "24546742f27d905d13a0651481c6a26b8772dd0f7650775564fc42d070025f97"
                + "d9b41b4477e4897d88cdd3db11284a85a4c1d7d2bc577903e7996f46602f4e02",
        "8f4db59d53e1bf34f249ba329398d8a7449c0cc0ebc98b17563f2d2ec8b3807a, 746afb2671041d794524f21ee353c846, "
                + "2cde9dc4b0af5659439946d57ae074a7d4b56a36895170b1d1ab8f7910969a22"
                + "dd8581c11718074d4913c1b7c8801649919d532be873793f45d8e49e880cb10d",
        "9d1aa9bc60588e303998f76e13ad9697b6df470cdc61d7a4f25bcdd3f5af1d3b, ca6bbb68be2bda12c655809f51f8afac, "
                + "5b7ad429b6ac33dfffcc3749fd260ff99893a337905fd65381c626b8ae93eb94"
                + "373cf98543b02591fac8c6349f92943f8873b19ed7bb70131836a7fa4965af0a",
        "694d261cee3ccf0516d4eeebd7e879e45305b1a64db5693db7cd5aa111645aa9, 23fa20d14b89a2674f785503900353dd, "
                + "4a943715b7964e8073dfa3d1b9a9b60ae7d64f2e81360db142d80d4bf9815e0b"
                + "86d12c066016a9ef22c2387f7a9a0e0bfaf71a0279b123302b8e4b0869623405",
        "b349c82864347f370097dbd2bc7e4b11b4b2af9e956385a4039c18a6c24ae6be, 8b425ebec7da6290f85ab03e44829bab, "
                + "5291c69b2d0bd271ecbfee98e0b7f5d0c9b49242a9028fafae1f21670f595c70"
                + "727472ad81351fe5289fa256dba08e548263f56ec2837858601ac8154b688f09",
        "c421e832755856e68d0017ae02b54e31c9076ce472a4eb8f4798b209581e8325, 670e2bdb835922552568a9924dc52eee, "
                + "6e5de2ee79250fb67de47f4b096bb736385b030607c0f4b4d06f8038f1080b80"
                + "a6be1fed29ca14b4fef636c1066da0c85c11534092e22111a1d34bedc6b52306"
    })
    void ed25519IsVerifiedWithTheCofactor(String account, String message, String signature) {
        byte[] bytes = HexFormat.of().parseHex(signature);
        byte[] commitment = Arrays.copyOfRange(bytes, 0, 32);
        BigInteger response = littleEndian(Arrays.copyOfRange(bytes, 32, 64));

        assertThat(
                        Signatures.verify(
                                AccountId.parse(account),
                                HexFormat.of().parseHex(message),
                                signature(KeyType.ED25519, commitment, response)))
                .isTrue();
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
