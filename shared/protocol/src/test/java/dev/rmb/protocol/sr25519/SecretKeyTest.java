package dev.rmb.protocol.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretKeyTest {
    private static final byte[] MESSAGE = "hello".getBytes(StandardCharsets.US_ASCII);

    /**
     * Signatures of {@code hello} by @scure/sr25519 2.3.0 under the same randomness. A witness that
     * left out the key's nonce or the randomness would pass every verification and tell the key.
     * The soft key's nonce, which each implementation derives its own way, was computed there as
     * {@link SecretKey#deriveSoft} does.
     */
    @ParameterizedTest
    @CsvSource({
        "none, 0, 90b412fc7896ccf486fc5e0d10f24477b08418731db78c8b6b47042417cc4806"
                + "814afe9a758b7225e7c11e32142d9eba0ccce51e09e510ff15caab786beac68d",
        "none, 7, 14e5ebdfcac8822543e665b6a6de19dc363c4c3920c4f493fe87956eb4f5c146"
                + "1a6ae406dd94bfe5baf1440e5d0ff6d4f4f735f15fdd48288c5587e01b72e788",
        "hard, 0, 42aa25f03c806179d25d8d7755db1782dffffb49616cd5445af3b6929ccefa5e"
                + "379bac23f6817ce89743463f5833f8bd2c2008d7fd2e845062a6d48f2bf64e83",
        "hard, 7, 181ca4f3c00099c6e77c98f646348476d112e92bfc83523327632079198b8052"
                + "ffe1f1939f0fcee0351eb38678408e65de403720fc0eae8fa346a109a6e78984",
        "soft, 0, 4e92c120389f83d437ecce371553d98128182cdfba8d3491ec470f01a1a1ff59"
                + "a421f09d333afdebeae7b0c97bc884a65cb69861680b155e3fb89fd2cb17a188",
        "soft, 7, 8887fd9bf143ef4969a90271b49df022cda02f0e6e31ff3d0180e2a118cd5d65"
                + "7577915bc876311c72a9a1deed44beb0d16879237c7c4e857b2a527f3607388c"
    })
    void theWitnessIsSchnorrkels(String step, int random, String signature) {
        try (SecretKey key = key(1);
                SecretKey signer =
                        switch (step) {
                            case "hard" -> key.deriveHard(filled(9));
                            case "soft" -> key.deriveSoft(filled(9));
                            default -> key(1);
                        }) {
            assertThat(HexFormat.of().formatHex(signer.sign(MESSAGE, () -> filled(random))))
                    .isEqualTo(signature);
        }
    }

    @Test
    void theSameWitnessMakesTheSameSignature() {
        try (SecretKey key = key(1)) {
            byte[] signature = key.sign(MESSAGE, () -> new byte[32]);

            assertThat(key.sign(MESSAGE, () -> new byte[32])).isEqualTo(signature);
            assertThat(key.sign(MESSAGE, () -> filled(1))).isNotEqualTo(signature);
            assertThat(Sr25519.verify(key.publicKey(), MESSAGE, signature, 0)).isTrue();
        }
    }

    /** A random source that repeats itself must not repeat a witness: two would tell the key. */
    @Test
    void withoutRandomnessTheWitnessStillDependsOnMessageAndKey() {
        try (SecretKey key = key(1);
                SecretKey other = key(2)) {
            String commitment = commitment(key, MESSAGE);

            assertThat(commitment(key, new byte[] {1})).isNotEqualTo(commitment);
            assertThat(commitment(other, MESSAGE)).isNotEqualTo(commitment);
        }
    }

    @Test
    void derivedKeysSignUnderTheirOwnPublicKeys() {
        byte[] chainCode = filled(9);
        try (SecretKey key = key(1);
                SecretKey soft = key.deriveSoft(chainCode);
                SecretKey hard = key.deriveHard(chainCode)) {
            assertThat(soft.publicKey())
                    .isNotEqualTo(key.publicKey())
                    .isNotEqualTo(hard.publicKey());
            byte[] bySoft = soft.sign(MESSAGE, () -> filled(3));
            byte[] byHard = hard.sign(MESSAGE, () -> filled(3));
            assertThat(Sr25519.verify(soft.publicKey(), MESSAGE, bySoft, 0)).isTrue();
            assertThat(Sr25519.verify(hard.publicKey(), MESSAGE, byHard, 0)).isTrue();
            assertThat(Sr25519.verify(hard.publicKey(), MESSAGE, bySoft, 0)).isFalse();
        }
    }

    /** With s = k times the key R is neutral. Only the key's owner can make that; peers take it. */
    @Test
    void aNeutralCommitmentOfTheKeysOwnerPasses() {
        byte[] generator =
                HexFormat.of()
                        .parseHex(
                                "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");
        Scalar challenge =
                Sr25519.challenge(
                        Sr25519.begin(MESSAGE, generator), new byte[RistrettoPoint.BYTES]);
        var signature = new byte[Sr25519.SIGNATURE_BYTES];
        System.arraycopy(challenge.bytes(), 0, signature, RistrettoPoint.BYTES, Scalar.BYTES);
        signature[63] |= (byte) 0x80;

        assertThat(Sr25519.verify(generator, MESSAGE, signature, 0)).isTrue();
    }

    private static String commitment(SecretKey key, byte[] message) {
        byte[] signature = key.sign(message, () -> new byte[32]);
        return HexFormat.of().formatHex(signature, 0, 32);
    }

    private static SecretKey key(int seed) {
        return SecretKey.expand(filled(seed));
    }

    private static byte[] filled(int value) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
