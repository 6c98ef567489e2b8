package dev.rmb.protocol.sr25519;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A number modulo the order of ristretto255, L = 2^252 + 27742317777372353535851937790883648493.
 *
 * <p>Sums, products and reductions take the same steps whatever the numbers are, as most scalars
 * are secret: eight limbs of 32 bits, Montgomery multiplication, masked subtraction.
 */
final class Scalar {
    static final int BYTES = 32;

    private static final int LIMBS = 8;
    private static final long MASK = 0xFFFF_FFFFL;
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final BigInteger ORDER =
            BigInteger.ONE
                    .shiftLeft(252)
                    .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final int[] L = limbs(ORDER);

    /** -1/L modulo 2^32: what Montgomery's reduction multiplies the lowest limb with. */
    private static final long NEGATED_INVERSE =
            ORDER.modInverse(BigInteger.ONE.shiftLeft(32)).negate().intValue() & MASK;

    /** R^2 and R^3 modulo L, where R = 2^256 is Montgomery's radix. */
    private static final int[] R2 = limbs(BigInteger.ONE.shiftLeft(512).mod(ORDER));

    private static final int[] R3 = limbs(BigInteger.ONE.shiftLeft(768).mod(ORDER));

    /** Little-endian limbs of a number below L. */
    private final int[] limbs;

    private Scalar(int[] limbs) {
        this.limbs = limbs;
    }

    /** The number written in 32 bytes, little-endian; {@code null} if it is not below L. */
    static @Nullable Scalar canonical(byte[] bytes) {
        int[] limbs = read(bytes, 0);
        return subtractOrder(limbs, new int[LIMBS]) == 1 ? null : new Scalar(limbs);
    }

    /** The number written in 64 bytes, little-endian, modulo L. */
    static Scalar reduce(byte[] wide) {
        // low + high * R: each product with a power of R loses one R.
        int[] low = multiplyMontgomery(read(wide, 0), R2);
        int[] high = multiplyMontgomery(read(wide, BYTES), R3);
        int[] sum = addModulo(low, high);
        return new Scalar(multiplyMontgomery(sum, one()));
    }

    Scalar plus(Scalar other) {
        return new Scalar(addModulo(limbs, other.limbs));
    }

    Scalar times(Scalar other) {
        return new Scalar(multiplyMontgomery(multiplyMontgomery(limbs, other.limbs), R2));
    }

    byte[] bytes() {
        var bytes = new byte[BYTES];
        for (int i = 0; i < LIMBS; i++) {
            INTS.set(bytes, i * Integer.BYTES, limbs[i]);
        }
        return bytes;
    }

    void wipe() {
        Arrays.fill(limbs, 0);
    }

    private static int[] one() {
        var one = new int[LIMBS];
        one[0] = 1;
        return one;
    }

    private static int[] read(byte[] bytes, int offset) {
        var limbs = new int[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            limbs[i] = (int) INTS.get(bytes, offset + i * Integer.BYTES);
        }
        return limbs;
    }

    private static int[] limbs(BigInteger number) {
        var limbs = new int[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            limbs[i] = number.shiftRight(32 * i).intValue();
        }
        return limbs;
    }

    /** Adds two numbers below L. */
    private static int[] addModulo(int[] a, int[] b) {
        var sum = new int[LIMBS];
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            carry += (a[i] & MASK) + (b[i] & MASK);
            sum[i] = (int) carry;
            carry >>>= 32;
        }
        // Twice L is below 2^254: nothing is carried out.
        return reduceOnce(sum);
    }

    /** a * b / R modulo L. {@code a} may be any 256-bit number, {@code b} is below L. */
    private static int[] multiplyMontgomery(int[] a, int[] b) {
        var t = new int[LIMBS + 1];
        for (int i = 0; i < LIMBS; i++) {
            long factor = a[i] & MASK;
            long carry = 0;
            for (int j = 0; j < LIMBS; j++) {
                carry += factor * (b[j] & MASK) + (t[j] & MASK);
                t[j] = (int) carry;
                carry >>>= 32;
            }
            carry += t[LIMBS] & MASK;
            t[LIMBS] = (int) carry;
            // The sum stays below 2^32 * 2L + L, hence within nine limbs.
            long quotient = ((t[0] & MASK) * NEGATED_INVERSE) & MASK;
            carry = (quotient * (L[0] & MASK) + (t[0] & MASK)) >>> 32;
            for (int j = 1; j < LIMBS; j++) {
                carry += quotient * (L[j] & MASK) + (t[j] & MASK);
                t[j - 1] = (int) carry;
                carry >>>= 32;
            }
            carry += t[LIMBS] & MASK;
            t[LIMBS - 1] = (int) carry;
            t[LIMBS] = (int) (carry >>> 32);
        }
        return reduceOnce(Arrays.copyOf(t, LIMBS));
    }

    /** Brings a number below 2L below L. */
    private static int[] reduceOnce(int[] a) {
        var difference = new int[LIMBS];
        int keep = -subtractOrder(a, difference);
        // keep is all ones if a >= L: then the difference is the answer.
        for (int i = 0; i < LIMBS; i++) {
            difference[i] = (difference[i] & keep) | (a[i] & ~keep);
        }
        return difference;
    }

    /** Writes a - L modulo 2^256 and returns 1 if a >= L, else 0. */
    private static int subtractOrder(int[] a, int[] difference) {
        long borrow = 0;
        for (int i = 0; i < LIMBS; i++) {
            borrow += (a[i] & MASK) - (L[i] & MASK);
            difference[i] = (int) borrow;
            borrow >>= 32;
        }
        return (int) borrow + 1;
    }
}
