package dev.rmb.protocol.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/**
 * A step of a derivation path, {@code /soft} or {@code //hard}. It has no {@code toString}: a path
 * is part of the secret.
 */
final class Junction {
    static final int CHAIN_CODE_BYTES = 32;

    private final boolean hard;
    private final byte[] chainCode;

    private Junction(boolean hard, byte[] chainCode) {
        this.hard = hard;
        this.chainCode = chainCode;
    }

    /** The step with this name; names that are 64-bit numbers stand for the number. */
    static Junction of(boolean hard, String name) {
        byte[] encoded = isUnsigned64(name) ? encodeNumber(name) : encodeText(name);
        return new Junction(
                hard,
                encoded.length > CHAIN_CODE_BYTES
                        ? blake2b256(encoded)
                        : Arrays.copyOf(encoded, CHAIN_CODE_BYTES));
    }

    boolean isHard() {
        return hard;
    }

    byte[] chainCode() {
        return chainCode;
    }

    static byte[] blake2b256(byte[] input) {
        var digest = new Blake2bDigest(256);
        digest.update(input, 0, input.length);
        var hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** SCALE's form of a text: its length in bytes in compact form, then the bytes. */
    static byte[] encodeText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var encoded = new ByteArrayOutputStream(utf8.length + Integer.BYTES);
        int length = utf8.length;
        if (length < 1 << 6) {
            encoded.write(length << 2);
        } else if (length < 1 << 14) {
            encoded.write(length << 2 | 1);
            encoded.write(length >> 6);
        } else {
            encoded.write(length << 2 | 2);
            encoded.write(length >> 6);
            encoded.write(length >> 14);
            encoded.write(length >> 22);
        }
        encoded.writeBytes(utf8);
        return encoded.toByteArray();
    }

    private static byte[] encodeNumber(String digits) {
        long number = Long.parseUnsignedLong(digits);
        var encoded = new byte[Long.BYTES];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = (byte) (number >>> (Byte.SIZE * i));
        }
        return encoded;
    }

    private static boolean isUnsigned64(String name) {
        if (!name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        try {
            Long.parseUnsignedLong(name);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
