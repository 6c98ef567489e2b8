package dev.rmb.protocol.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class SecretKeyTest {
    private static final byte[] MESSAGE = "hello".getBytes(StandardCharsets.US_ASCII);

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

    private static String commitment(SecretKey key, byte[] message) {
        byte[] signature = key.sign(message, () -> new byte[32]);
        return HexFormat.of().formatHex(signature, 0, 32);
    }

    private static SecretKey key(int seed) {
        return SecretKey.expand(filled(seed));
    }

    private static byte[] filled(int value) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
