package dev.rmb.protocol.sr25519;

import dev.rmb.protocol.sr25519.EdwardsPoint.Multiple;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/** An element of ristretto255, the group of prime order of RFC 9496. Immutable. */
final class RistrettoPoint {
    static final int BYTES = 32;

    private static final int VARIABLE_WIDTH = 5;
    private static final int DIGITS = 254;

    private final EdwardsPoint representative;

    private RistrettoPoint(EdwardsPoint representative) {
        this.representative = representative;
    }

    /** The generator times a secret number, in constant time. */
    static RistrettoPoint multiplyBase(Scalar scalar) {
        byte[] bytes = scalar.bytes();
        var product = new RistrettoPoint(BaseTable.multiply(bytes));
        Arrays.fill(bytes, (byte) 0);
        return product;
    }

    /**
     * Reads an element: RFC 9496, 4.3.1. Not in constant time.
     *
     * @param bytes 32 bytes
     * @return {@code null} unless they are the one encoding of an element
     */
    static @Nullable RistrettoPoint decode(byte[] bytes) {
        int[] s = X25519Field.create();
        X25519Field.decode255(bytes, s);
        var canonical = new byte[BYTES];
        Field.encode(s, canonical);
        if (!Arrays.equals(canonical, bytes) || (bytes[0] & 1) != 0) {
            return null;
        }
        int[] one = X25519Field.create();
        X25519Field.one(one);
        int[] ss = X25519Field.create();
        X25519Field.sqr(s, ss);
        int[] u1 = X25519Field.create();
        int[] u2 = X25519Field.create();
        X25519Field.apm(one, ss, u2, u1); // 1 + s^2 and 1 - s^2
        int[] u2Squared = X25519Field.create();
        X25519Field.sqr(u2, u2Squared);
        int[] v = X25519Field.create();
        X25519Field.sqr(u1, v);
        X25519Field.mul(v, Field.D, v);
        X25519Field.negate(v, v);
        X25519Field.sub(v, u2Squared, v); // -(d u1^2) - u2^2
        X25519Field.carry(v);

        int[] inverse = X25519Field.create();
        int[] product = X25519Field.create();
        X25519Field.mul(v, u2Squared, product);
        int wasSquare = Field.inverseSquareRoot(product, inverse);

        int[] denominatorX = X25519Field.create();
        X25519Field.mul(inverse, u2, denominatorX);
        int[] denominatorY = X25519Field.create();
        X25519Field.mul(inverse, denominatorX, denominatorY);
        X25519Field.mul(denominatorY, v, denominatorY);

        int[] x = X25519Field.create();
        X25519Field.add(s, s, x);
        X25519Field.mul(x, denominatorX, x);
        Field.absolute(x);
        int[] y = X25519Field.create();
        X25519Field.mul(u1, denominatorY, y);
        int[] t = X25519Field.create();
        X25519Field.mul(x, y, t);
        X25519Field.normalize(y);
        if (wasSquare == 0 || Field.isNegative(t) == 1 || X25519Field.isZero(y) != 0) {
            return null;
        }
        return new RistrettoPoint(new EdwardsPoint(x, y));
    }

    /** Writes the element's one encoding: RFC 9496, 4.3.2. In constant time. */
    byte[] encode() {
        int[] x0 = representative.x;
        int[] y0 = representative.y;
        int[] z0 = representative.z;
        int[] t0 = representative.t();

        int[] u1 = X25519Field.create();
        int[] difference = X25519Field.create();
        X25519Field.apm(z0, y0, u1, difference);
        X25519Field.mul(u1, difference, u1);
        int[] u2 = X25519Field.create();
        X25519Field.mul(x0, y0, u2);

        int[] product = X25519Field.create();
        X25519Field.sqr(u2, product);
        X25519Field.mul(u1, product, product);
        int[] inverse = X25519Field.create();
        Field.inverseSquareRoot(product, inverse);

        int[] denominator1 = X25519Field.create();
        X25519Field.mul(inverse, u1, denominator1);
        int[] denominator2 = X25519Field.create();
        X25519Field.mul(inverse, u2, denominator2);
        int[] zInverse = X25519Field.create();
        X25519Field.mul(denominator1, denominator2, zInverse);
        X25519Field.mul(zInverse, t0, zInverse);

        int[] x = X25519Field.create();
        int[] y = X25519Field.create();
        X25519Field.copy(x0, 0, x, 0);
        X25519Field.copy(y0, 0, y, 0);
        int[] ix0 = X25519Field.create();
        int[] iy0 = X25519Field.create();
        X25519Field.mul(x0, Field.SQRT_M1, ix0);
        X25519Field.mul(y0, Field.SQRT_M1, iy0);
        int[] enchanted = X25519Field.create();
        X25519Field.mul(denominator1, Field.INVSQRT_A_MINUS_D, enchanted);

        int[] product2 = X25519Field.create();
        X25519Field.mul(t0, zInverse, product2);
        int rotate = -Field.isNegative(product2);
        X25519Field.cmov(rotate, iy0, 0, x, 0);
        X25519Field.cmov(rotate, ix0, 0, y, 0);
        X25519Field.cmov(rotate, enchanted, 0, denominator2, 0);

        X25519Field.mul(x, zInverse, product2);
        X25519Field.cnegate(Field.isNegative(product2), y);

        int[] s = X25519Field.create();
        X25519Field.sub(z0, y, s);
        X25519Field.mul(denominator2, s, s);
        Field.absolute(s);
        var bytes = new byte[BYTES];
        X25519Field.encode(s, bytes, 0);
        return bytes;
    }

    /**
     * {@code base} times the generator minus {@code own} times this element, for public numbers:
     * not in constant time.
     */
    RistrettoPoint baseTimesMinusThisTimes(Scalar base, Scalar own) {
        byte[] baseDigits = nonAdjacentForm(base, BaseTable.PUBLIC_WIDTH);
        byte[] ownDigits = nonAdjacentForm(own, VARIABLE_WIDTH);
        Multiple[] multiples = oddMultiples();
        var sum = new EdwardsPoint();
        int bit = DIGITS - 1;
        while (bit >= 0 && baseDigits[bit] == 0 && ownDigits[bit] == 0) {
            bit--;
        }
        for (; bit >= 0; bit--) {
            sum.twice();
            int digit = ownDigits[bit];
            if (digit > 0) {
                sum.subtract(multiples[digit >> 1]);
            } else if (digit < 0) {
                sum.add(multiples[-digit >> 1]);
            }
            int baseDigit = baseDigits[bit];
            if (baseDigit > 0) {
                sum.add(BaseTable.publicMultiple(baseDigit));
            } else if (baseDigit < 0) {
                sum.subtract(BaseTable.publicMultiple(-baseDigit));
            }
        }
        return new RistrettoPoint(sum);
    }

    /** This times 1, 3, 5 and so on, as many as there are digits of this width. */
    private Multiple[] oddMultiples() {
        var multiples = new Multiple[1 << (VARIABLE_WIDTH - 2)];
        var point = new EdwardsPoint(representative);
        multiples[0] = new Multiple(point);
        var doubled = new EdwardsPoint(representative);
        doubled.twice();
        var step = new Multiple(doubled);
        for (int i = 1; i < multiples.length; i++) {
            point.add(step);
            multiples[i] = new Multiple(point);
        }
        return multiples;
    }

    /**
     * Writes a scalar in binary with signed digits that are 0 or odd and below 2^(width - 1) in
     * size, of any {@code width} neighbours at most one not 0. Lowest first.
     */
    private static byte[] nonAdjacentForm(Scalar scalar, int width) {
        byte[] bytes = scalar.bytes();
        var digits = new byte[DIGITS];
        int carry = 0;
        int bit = 0;
        while (bit < DIGITS) {
            if (bit(bytes, bit) == carry) {
                bit++;
                continue;
            }
            int window = carry;
            int count = Math.min(width, DIGITS - bit);
            for (int i = 0; i < count; i++) {
                window += bit(bytes, bit + i) << i;
            }
            carry = window >> (width - 1);
            digits[bit] = (byte) (window - (carry << width));
            bit += width;
        }
        return digits;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index >> 3] >> (index & 7) & 1;
    }
}
