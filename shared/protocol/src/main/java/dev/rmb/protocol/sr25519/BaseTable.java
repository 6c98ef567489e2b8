package dev.rmb.protocol.sr25519;

import dev.rmb.protocol.sr25519.EdwardsPoint.AffineMultiple;
import dev.rmb.protocol.sr25519.EdwardsPoint.Multiple;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/** Multiples of the generator, computed once: one table for secret scalars, one for public ones. */
final class BaseTable {
    /** Width of the signed digits of public scalars; the odd multiples up to 127 are tabled. */
    static final int PUBLIC_WIDTH = 8;

    private static final int WINDOWS = 32;
    private static final int WINDOW_POINTS = 8;

    /** WINDOWS times the multiples 1 to 8 of 256^i times the generator. */
    private static final AffineMultiple[] SECRET = secretTable();

    private static final AffineMultiple[] PUBLIC = publicTable();

    private BaseTable() {}

    /** The generator times an odd number below 2^(PUBLIC_WIDTH - 1). */
    static AffineMultiple publicMultiple(int odd) {
        return PUBLIC[odd >> 1];
    }

    /**
     * Multiplies the generator in constant time: no branch and no address depends on the scalar.
     *
     * @param scalar little-endian, below 2^253
     */
    static EdwardsPoint multiply(byte[] scalar) {
        byte[] digits = signedDigits(scalar);
        var sum = new EdwardsPoint();
        var selected = new AffineMultiple();
        for (int i = 1; i < digits.length; i += 2) {
            select(i >> 1, digits[i], selected);
            sum.add(selected);
        }
        sum.twice();
        sum.twice();
        sum.twice();
        sum.twice();
        for (int i = 0; i < digits.length; i += 2) {
            select(i >> 1, digits[i], selected);
            sum.add(selected);
        }
        Arrays.fill(digits, (byte) 0);
        return sum;
    }

    /** Writes a scalar in 64 digits to the base 16, each from -8 to 8. */
    private static byte[] signedDigits(byte[] scalar) {
        var digits = new byte[2 * WINDOWS];
        int carry = 0;
        for (int i = 0; i < digits.length; i++) {
            int digit = (scalar[i >> 1] >> (4 * (i & 1)) & 0xF) + carry;
            carry = (digit + 8) >> 4;
            digits[i] = (byte) (digit - (carry << 4));
        }
        return digits;
    }

    private static void select(int window, int digit, AffineMultiple selected) {
        int negative = digit >>> 31;
        int absolute = (digit ^ -negative) + negative;
        selected.setNeutral();
        for (int i = 1; i <= WINDOW_POINTS; i++) {
            int difference = absolute ^ i;
            int equal = (difference - 1) >> 31; // all ones if there is no difference
            selected.set(equal, SECRET[window * WINDOW_POINTS + i - 1]);
        }
        selected.negate(negative);
    }

    private static AffineMultiple[] secretTable() {
        var points = new EdwardsPoint[WINDOWS * WINDOW_POINTS];
        EdwardsPoint first = EdwardsPoint.generator();
        for (int window = 0; window < WINDOWS; window++) {
            var step = new Multiple(first);
            var point = new EdwardsPoint(first);
            for (int i = 0; i < WINDOW_POINTS; i++) {
                points[window * WINDOW_POINTS + i] = new EdwardsPoint(point);
                point.add(step);
            }
            for (int i = 0; i < Byte.SIZE; i++) {
                first.twice();
            }
        }
        return affine(points);
    }

    private static AffineMultiple[] publicTable() {
        var points = new EdwardsPoint[1 << (PUBLIC_WIDTH - 2)];
        EdwardsPoint point = EdwardsPoint.generator();
        var doubled = new EdwardsPoint(point);
        doubled.twice();
        var step = new Multiple(doubled);
        for (int i = 0; i < points.length; i++) {
            points[i] = new EdwardsPoint(point);
            point.add(step);
        }
        return affine(points);
    }

    /** Divides by every Z with a single inversion, of their product. */
    private static AffineMultiple[] affine(EdwardsPoint[] points) {
        var products = new int[points.length][];
        int[] product = X25519Field.create();
        X25519Field.one(product);
        for (int i = 0; i < points.length; i++) {
            products[i] = product.clone();
            X25519Field.mul(product, points[i].z, product);
        }
        int[] inverse = X25519Field.create();
        X25519Field.inv(product, inverse);
        var multiples = new AffineMultiple[points.length];
        for (int i = points.length - 1; i >= 0; i--) {
            int[] inverseOfZ = X25519Field.create();
            X25519Field.mul(inverse, products[i], inverseOfZ);
            multiples[i] = new AffineMultiple(points[i], inverseOfZ);
            X25519Field.mul(inverse, points[i].z, inverse);
        }
        return multiples;
    }
}
