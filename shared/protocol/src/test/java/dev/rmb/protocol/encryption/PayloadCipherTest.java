package dev.rmb.protocol.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.InvalidPublicKeyException;
import dev.rmb.protocol.identity.InvalidSecretException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PayloadCipherTest {
    private static final EncryptionKey ONE = EncryptionKey.of("0x" + "01".repeat(32));
    private static final EncryptionKey TWO = EncryptionKey.of("0x" + "02".repeat(32));
    private static final EncryptionKey THREE = EncryptionKey.of("0x" + "03".repeat(32));

    private static final PayloadCipher CIPHER = PayloadCipher.between(ONE, TWO.publicKey());

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theOtherEndReadsIt(long seed) {
        var random = new SplittableRandom(seed);
        var plain = new byte[random.nextInt(2000)];
        random.nextBytes(plain);

        byte[] encrypted = CIPHER.encrypt(plain);

        assertThat(encrypted).hasSize(plain.length + 28).isNotEqualTo(CIPHER.encrypt(plain));
        assertThat(PayloadCipher.between(TWO, ONE.publicKey()).decrypt(encrypted)).isEqualTo(plain);
        assertThatThrownBy(() -> PayloadCipher.between(THREE, ONE.publicKey()).decrypt(encrypted))
                .isInstanceOf(DecryptionException.class);
    }

    @Test
    void everyChangedBitShows() {
        byte[] encrypted = CIPHER.encrypt(new byte[20]);

        for (int bit = 0; bit < encrypted.length * 8; bit++) {
            byte[] changed = encrypted.clone();
            changed[bit >> 3] ^= (byte) (1 << (bit & 7));
            assertThatThrownBy(() -> CIPHER.decrypt(changed))
                    .isInstanceOf(DecryptionException.class);
        }
    }

    @Test
    void everyCutShows() {
        byte[] encrypted = CIPHER.encrypt(new byte[20]);

        for (int length = 0; length < encrypted.length; length++) {
            byte[] cut = Arrays.copyOf(encrypted, length);
            assertThatThrownBy(() -> CIPHER.decrypt(cut)).isInstanceOf(DecryptionException.class);
        }
    }

    @Test
    void whatFailedDoesNotTouchWhatComesNext() {
        byte[] plain = {1, 2, 3};
        byte[] encrypted = CIPHER.encrypt(plain);
        byte[] changed = encrypted.clone();
        changed[20] ^= 1;

        assertThat(CIPHER.decrypt(encrypted)).isEqualTo(plain);
        assertThatThrownBy(() -> CIPHER.decrypt(changed)).isInstanceOf(DecryptionException.class);
        assertThat(CIPHER.decrypt(encrypted)).isEqualTo(plain);
        assertThat(CIPHER.decrypt(CIPHER.encrypt(plain))).isEqualTo(plain);
    }

    @Test
    void manyThreadsUseOneCipherAtOnce() {
        boolean allCameBack =
                IntStream.range(0, 2_000)
                        .parallel()
                        .allMatch(i -> {
                            byte[] plain = {(byte) i, (byte) (i >> 8)};
                            return Arrays.equals(CIPHER.decrypt(CIPHER.encrypt(plain)), plain);
                        });

        assertThat(allCameBack).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                // Neither an even nor an odd y, and no point of the curve.
                "0579be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                "020000000000000000000000000000000000000000000000000000000000000005",
                // x not below p.
                "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
                // A good point, but cut short, or written in full.
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f817",
                "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                        + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
            })
    void whatIsNoPublicKeyIsRefused(String hex) {
        assertThatThrownBy(() -> PayloadCipher.between(ONE, HexFormat.of().parseHex(hex)))
                .isInstanceOf(InvalidPublicKeyException.class);
    }

    /** The order of secp256k1, and the numbers around it. */
    @Test
    void seedsOutOfTheCurvesRangeAreNoKeys() {
        String order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd036414";

        try (var largest = EncryptionKey.of("0x" + order + "0")) {
            assertThat(largest.publicKey()).hasSize(EncryptionKey.PUBLIC_KEY_BYTES);
        }
        for (String seed : new String[] {order + "1", order + "2", "00".repeat(32)}) {
            assertThatThrownBy(() -> EncryptionKey.of("0x" + seed))
                    .isInstanceOf(InvalidSecretException.class)
                    .message()
                    .doesNotContain(seed);
        }
    }

    @Test
    void aClosedKeySharesNothing() {
        var key = EncryptionKey.of("0x" + "04".repeat(32));
        key.close();

        assertThatThrownBy(() -> key.sharedSecretWith(TWO.publicKey()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ciphersAreKeptUpToTheCapacity() {
        var ciphers = new PayloadCiphers(ONE, 2);
        PayloadCipher two = ciphers.with(TWO.publicKey());
        PayloadCipher three = ciphers.with(THREE.publicKey());

        assertThat(ciphers.with(TWO.publicKey())).isSameAs(two);
        ciphers.with(ONE.publicKey());
        assertThat(ciphers.with(TWO.publicKey())).isSameAs(two);
        assertThat(ciphers.with(THREE.publicKey())).isNotSameAs(three);
        assertThat(two.decrypt(CIPHER.encrypt(new byte[3]))).isEqualTo(new byte[3]);
        assertThatThrownBy(() -> new PayloadCiphers(ONE, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
