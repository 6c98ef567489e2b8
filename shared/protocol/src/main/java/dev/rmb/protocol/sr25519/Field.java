package dev.rmb.protocol.sr25519;

import java.math.BigInteger;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * What ristretto255 needs of the field modulo p = 2^255 - 19 beyond BouncyCastle's arithmetic: its
 * constants, and inverse square roots. Elements are BouncyCastle's {@code int[10]}.
 */
final class Field {
    static final int BYTES = 32;

    private static final BigInteger P =
            BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    /** d of the curve -x^2 + y^2 = 1 + d x^2 y^2. */
    private static final BigInteger D_VALUE =
            BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);

    static final int[] D = element(D_VALUE);

    static final int[] TWICE_D = element(D_VALUE.shiftLeft(1));

    /** The square root of -1 that is even: 2^((p - 1) / 4). */
    static final int[] SQRT_M1 =
            element(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P));

    /** 1 / sqrt(-1 - d), the even one: RFC 9496, 4.1. */
    static final int[] INVSQRT_A_MINUS_D = invsqrtOfAMinusD();

    private Field() {}

    /** Any integer as an element. For constants: not in constant time. */
    static int[] element(BigInteger value) {
        byte[] bigEndian = value.mod(P).toByteArray();
        var bytes = new byte[BYTES];
        for (int i = 0; i < Math.min(bigEndian.length, BYTES); i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        int[] element = X25519Field.create();
        X25519Field.decode255(bytes, element);
        return element;
    }

    /** 1 if the element is odd ("negative" in RFC 9496), else 0. */
    static int isNegative(int[] element) {
        var bytes = new byte[BYTES];
        encode(element, bytes);
        return bytes[0] & 1;
    }

    /** Writes the element's only encoding, without changing it. */
    static void encode(int[] element, byte[] bytes) {
        int[] copy = X25519Field.create();
        X25519Field.copy(element, 0, copy, 0);
        X25519Field.normalize(copy);
        X25519Field.encode(copy, bytes, 0);
    }

    /** Makes the element even by changing its sign if need be. */
    static void absolute(int[] element) {
        X25519Field.cnegate(isNegative(element), element);
        X25519Field.normalize(element);
    }

    /**
     * The inverse square root: RFC 9496, 4.2, SQRT_RATIO_M1 with u = 1. In constant time.
     *
     * @param v an element
     * @param root becomes the even root of 1/v if there is one, of sqrt(-1)/v if not, 0 if v is 0
     * @return 1 if v is a square other than 0
     */
    static int inverseSquareRoot(int[] v, int[] root) {
        int[] v3 = X25519Field.create();
        int[] t = X25519Field.create();
        X25519Field.sqr(v, v3);
        X25519Field.mul(v3, v, v3);
        X25519Field.sqr(v3, t);
        X25519Field.mul(t, v, t); // v^7
        powP58(t, root);
        X25519Field.mul(root, v3, root); // v^3 (v^7)^((p-5)/8)

        int[] check = t;
        X25519Field.sqr(root, check);
        X25519Field.mul(check, v, check);

        // The candidate's check is one of 1, -1, sqrt(-1), -sqrt(-1), or 0.
        int[] expected = X25519Field.create();
        X25519Field.one(expected);
        int correct = isEqual(check, expected);
        X25519Field.negate(expected, expected);
        int flipped = isEqual(check, expected);
        X25519Field.negate(SQRT_M1, expected);
        int flippedByRoot = isEqual(check, expected);

        int[] other = v3;
        X25519Field.mul(root, SQRT_M1, other);
        X25519Field.cmov(-(flipped | flippedByRoot), other, 0, root, 0);
        absolute(root);
        return correct | flipped;
    }

    /** 1 if both are the same number, else 0. In constant time. */
    static int isEqual(int[] a, int[] b) {
        int[] difference = X25519Field.create();
        X25519Field.sub(a, b, difference);
        X25519Field.normalize(difference);
        return X25519Field.isZero(difference) & 1;
    }

    /** Raises to (p - 5) / 8 = 2^252 - 3. */
    private static void powP58(int[] x, int[] power) {
        // Each name tells how many one bits the exponent has.
        int[] ones1 = X25519Field.create();
        X25519Field.copy(x, 0, ones1, 0);
        int[] ones2 = join(ones1, 1, ones1);
        int[] ones4 = join(ones2, 2, ones2);
        int[] ones5 = join(ones4, 1, ones1);
        int[] ones10 = join(ones5, 5, ones5);
        int[] ones20 = join(ones10, 10, ones10);
        int[] ones40 = join(ones20, 20, ones20);
        int[] ones50 = join(ones40, 10, ones10);
        int[] ones100 = join(ones50, 50, ones50);
        int[] ones200 = join(ones100, 100, ones100);
        int[] ones250 = join(ones200, 50, ones50);
        // 250 ones, then 01.
        X25519Field.sqr(ones250, 2, power);
        X25519Field.mul(power, ones1, power);
    }

    /** high^(2^shift) * low. */
    private static int[] join(int[] high, int shift, int[] low) {
        int[] joined = X25519Field.create();
        X25519Field.sqr(high, shift, joined);
        X25519Field.mul(joined, low, joined);
        return joined;
    }

    private static int[] invsqrtOfAMinusD() {
        int[] aMinusD = element(D_VALUE.add(BigInteger.ONE).negate());
        int[] root = X25519Field.create();
        if (inverseSquareRoot(aMinusD, root) == 0) {
            throw new AssertionError("-1 - d is a square");
        }
        return root;
    }
}
