package dev.rmb.protocol.sr25519;

import java.math.BigInteger;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * A point of edwards25519 that is added to and doubled in place, in extended coordinates: x = X/Z,
 * y = Y/Z, xy = T/Z. The formulas are those of Hisil, Wong, Carter and Dawson (2008) for a = -1;
 * they are complete, so no case needs its own.
 *
 * <p>T is kept as the two factors it is made from: doublings do not use it, and most additions are
 * followed by one, which saves that many multiplications.
 */
final class EdwardsPoint {
    final int[] x = X25519Field.create();
    final int[] y = X25519Field.create();
    final int[] z = X25519Field.create();
    private final int[] t0 = X25519Field.create();
    private final int[] t1 = X25519Field.create();

    // Scratch: one sum or doubling at a time.
    private final int[] a = X25519Field.create();
    private final int[] c = X25519Field.create();
    private final int[] f = X25519Field.create();
    private final int[] g = X25519Field.create();

    /** The neutral element. */
    EdwardsPoint() {
        X25519Field.one(y);
        X25519Field.one(z);
        X25519Field.one(t1);
    }

    /** The point with these affine coordinates, which are on the curve. */
    EdwardsPoint(int[] x, int[] y) {
        X25519Field.copy(x, 0, this.x, 0);
        X25519Field.copy(y, 0, this.y, 0);
        X25519Field.one(z);
        X25519Field.copy(x, 0, t0, 0);
        X25519Field.copy(y, 0, t1, 0);
    }

    EdwardsPoint(EdwardsPoint other) {
        X25519Field.copy(other.x, 0, x, 0);
        X25519Field.copy(other.y, 0, y, 0);
        X25519Field.copy(other.z, 0, z, 0);
        X25519Field.copy(other.t0, 0, t0, 0);
        X25519Field.copy(other.t1, 0, t1, 0);
    }

    /** The generator: the point with y = 4/5 and even x. */
    static EdwardsPoint generator() {
        return new EdwardsPoint(
                Field.element(
                        new BigInteger(
                                "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a",
                                16)),
                Field.element(
                        new BigInteger(
                                "6666666666666666666666666666666666666666666666666666666666666658",
                                16)));
    }

    /** T, multiplied out. */
    int[] t() {
        int[] t = X25519Field.create();
        X25519Field.mul(t0, t1, t);
        return t;
    }

    void twice() {
        X25519Field.add(x, y, a);
        X25519Field.sqr(x, f);
        X25519Field.sqr(y, g);
        X25519Field.sqr(z, c);
        X25519Field.add(c, c, c);
        // All four intermediate values with the opposite sign, which the products do not show.
        X25519Field.apm(f, g, t1, g);
        X25519Field.sqr(a, a);
        X25519Field.sub(t1, a, t0);
        X25519Field.add(c, g, f);
        X25519Field.carry(f);
        finish(f, g);
    }

    void add(Multiple other) {
        sum(other.yPlusX, other.yMinusX, other.xyTwiceD, other.twiceZ);
        finish(a, c);
    }

    void subtract(Multiple other) {
        // The negative of a point has the sign of x, and with it of T, changed.
        sum(other.yMinusX, other.yPlusX, other.xyTwiceD, other.twiceZ);
        finish(c, a);
    }

    void add(AffineMultiple other) {
        affineSum(other.yPlusX, other.yMinusX, other.xyTwiceD);
        finish(a, c);
    }

    void subtract(AffineMultiple other) {
        affineSum(other.yMinusX, other.yPlusX, other.xyTwiceD);
        finish(c, a);
    }

    private void sum(int[] forSum, int[] forDifference, int[] xyTwiceD, int[] twiceZ) {
        X25519Field.mul(z, twiceZ, g);
        halfSum(forSum, forDifference, xyTwiceD);
    }

    private void affineSum(int[] forSum, int[] forDifference, int[] xyTwiceD) {
        X25519Field.add(z, z, g);
        X25519Field.carry(g);
        halfSum(forSum, forDifference, xyTwiceD);
    }

    /**
     * Multiplies y + x with {@code forSum} and y - x with {@code forDifference}. Takes D in {@code
     * g}; leaves E and H in t0 and t1, D - C in {@code a}, D + C in {@code c}.
     */
    private void halfSum(int[] forSum, int[] forDifference, int[] xyTwiceD) {
        X25519Field.mul(t0, t1, c);
        X25519Field.mul(c, xyTwiceD, c);
        X25519Field.apm(y, x, t1, t0);
        X25519Field.mul(t0, forDifference, a);
        X25519Field.mul(t1, forSum, f);
        X25519Field.apm(f, a, t1, t0);
        X25519Field.apm(g, c, c, a);
    }

    private void finish(int[] f, int[] g) {
        X25519Field.mul(t0, f, x);
        X25519Field.mul(g, t1, y);
        X25519Field.mul(f, g, z);
    }

    /** A point as it is added to others, as cheaply as it gets without a division. */
    static final class Multiple {
        final int[] yPlusX = X25519Field.create();
        final int[] yMinusX = X25519Field.create();
        final int[] xyTwiceD = X25519Field.create();
        final int[] twiceZ = X25519Field.create();

        Multiple(EdwardsPoint point) {
            X25519Field.apm(point.y, point.x, yPlusX, yMinusX);
            X25519Field.mul(point.t(), Field.TWICE_D, xyTwiceD);
            X25519Field.add(point.z, point.z, twiceZ);
        }
    }

    /** A point with Z = 1 as it is added to others, for tables that are made once. */
    static final class AffineMultiple {
        final int[] yPlusX = X25519Field.create();
        final int[] yMinusX = X25519Field.create();
        final int[] xyTwiceD = X25519Field.create();

        /** The neutral element. */
        AffineMultiple() {
            setNeutral();
        }

        /** Takes the inverse of the point's Z, as the caller inverts many at once. */
        AffineMultiple(EdwardsPoint point, int[] inverseOfZ) {
            int[] x = X25519Field.create();
            int[] y = X25519Field.create();
            X25519Field.mul(point.x, inverseOfZ, x);
            X25519Field.mul(point.y, inverseOfZ, y);
            X25519Field.apm(y, x, yPlusX, yMinusX);
            X25519Field.carry(yPlusX);
            X25519Field.carry(yMinusX);
            X25519Field.mul(x, y, xyTwiceD);
            X25519Field.mul(xyTwiceD, Field.TWICE_D, xyTwiceD);
        }

        void setNeutral() {
            X25519Field.one(yPlusX);
            X25519Field.one(yMinusX);
            X25519Field.zero(xyTwiceD);
        }

        /** Becomes {@code other} if {@code mask} is all ones, stays if it is 0. */
        void set(int mask, AffineMultiple other) {
            X25519Field.cmov(mask, other.yPlusX, 0, yPlusX, 0);
            X25519Field.cmov(mask, other.yMinusX, 0, yMinusX, 0);
            X25519Field.cmov(mask, other.xyTwiceD, 0, xyTwiceD, 0);
        }

        /** Changes its sign if {@code negate} is 1, stays if it is 0. */
        void negate(int negate) {
            X25519Field.cswap(negate, yPlusX, yMinusX);
            X25519Field.cnegate(negate, xyTwiceD);
        }
    }
}
