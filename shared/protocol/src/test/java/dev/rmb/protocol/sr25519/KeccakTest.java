package dev.rmb.protocol.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeccakTest {
    private static final int RATE = 136;

    /** SHA3-256 is this permutation and a padding: the JDK's must come out. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 135, 136, 137, 1000})
    void sha3ComesOutOfIt(int length) throws NoSuchAlgorithmException {
        var message = new byte[length];
        new SplittableRandom(length).nextBytes(message);

        assertThat(sha3(message)).isEqualTo(MessageDigest.getInstance("SHA3-256").digest(message));
    }

    private static byte[] sha3(byte[] message) {
        byte[] padded = Arrays.copyOf(message, (message.length / RATE + 1) * RATE);
        padded[message.length] ^= 0x06;
        padded[padded.length - 1] ^= (byte) 0x80;
        var lanes = new long[Keccak.STATE_LANES];
        for (int block = 0; block < padded.length; block += RATE) {
            var longs =
                    ByteBuffer.wrap(padded, block, RATE)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asLongBuffer();
            for (int i = 0; longs.hasRemaining(); i++) {
                lanes[i] ^= longs.get();
            }
            Keccak.permute(lanes);
        }
        var output = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            output.putLong(lanes[i]);
        }
        return output.array();
    }
}
