package dev.rmb.tfchain.hash;

import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/** Hashes over byte strings. Stateless. */
public final class Hashes {
    private Hashes() {}

    public static byte[] blake2b128(byte[] input) {
        return blake2b(input, 128);
    }

    public static byte[] blake2b256(byte[] input) {
        return blake2b(input, 256);
    }

    private static byte[] blake2b(byte[] input, int bits) {
        var digest = new Blake2bDigest(bits);
        digest.update(input, 0, input.length);
        var hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    public static byte[] twox64(byte[] input) {
        return twox(input, 1);
    }

    public static byte[] twox128(byte[] input) {
        return twox(input, 2);
    }

    public static byte[] twox256(byte[] input) {
        return twox(input, 4);
    }

    /** xxHash64 with the seeds 0, 1, …, one behind the other. */
    private static byte[] twox(byte[] input, int words) {
        ByteBuffer hash = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int seed = 0; seed < words; seed++) {
            hash.putLong(Hashing.xxh64(seed).hashBytesToLong(input));
        }
        return hash.array();
    }
}
