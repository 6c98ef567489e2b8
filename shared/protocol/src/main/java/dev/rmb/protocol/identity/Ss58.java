package dev.rmb.protocol.identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.jspecify.annotations.Nullable;

/** The text form of accounts on Substrate chains, with the generic prefix 42. */
final class Ss58 {
    private static final int PREFIX = 42;
    private static final int CHECKSUM_BYTES = 2;
    private static final int BYTES = 1 + AccountId.LENGTH + CHECKSUM_BYTES;
    private static final int MAX_LENGTH = 50;

    private static final byte[] CONTEXT = "SS58PRE".getBytes(StandardCharsets.US_ASCII);
    private static final String ALPHABET =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());

    private Ss58() {}

    static String encode(byte[] account) {
        byte[] bytes = new byte[BYTES];
        bytes[0] = PREFIX;
        System.arraycopy(account, 0, bytes, 1, account.length);
        byte[] checksum = checksum(bytes);
        System.arraycopy(checksum, 0, bytes, BYTES - CHECKSUM_BYTES, CHECKSUM_BYTES);
        var reversed = new StringBuilder();
        // The prefix is not 0, so no leading zeros need digits of their own.
        for (var rest = new BigInteger(1, bytes); rest.signum() != 0; ) {
            BigInteger[] quotient = rest.divideAndRemainder(BASE);
            reversed.append(ALPHABET.charAt(quotient[1].intValue()));
            rest = quotient[0];
        }
        return reversed.reverse().toString();
    }

    /** The 32 bytes of an account, or {@code null} if this is no SS58 text with prefix 42. */
    static byte @Nullable [] decode(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            number = number.multiply(BASE).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = number.toByteArray();
        // 42 has no sign bit, so the array has no byte for the sign.
        if (bytes.length != BYTES || bytes[0] != PREFIX) {
            return null;
        }
        byte[] account = Arrays.copyOfRange(bytes, 1, 1 + AccountId.LENGTH);
        return encode(account).equals(text) ? account : null;
    }

    private static byte[] checksum(byte[] bytes) {
        var digest = new Blake2bDigest(512);
        digest.update(CONTEXT, 0, CONTEXT.length);
        digest.update(bytes, 0, BYTES - CHECKSUM_BYTES);
        var hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return Arrays.copyOf(hash, CHECKSUM_BYTES);
    }
}
