package dev.rmb.protocol.identity;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * A twin's key for end-to-end encryption, on the curve secp256k1. It has no {@code toString} that
 * shows it, and is wiped when closed. Thread-safe.
 *
 * <p>The arithmetic needs it as a {@link BigInteger}, which cannot be wiped: one for each key made
 * and each shared secret stays in memory until it is collected and overwritten, and so does the
 * text that the key was made from.
 */
public final class EncryptionKey implements AutoCloseable {
    /** Length in bytes of a public key: the point in compressed form. */
    public static final int PUBLIC_KEY_BYTES = 33;

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");

    private final byte[] secret;
    private final byte[] publicKey;
    private boolean closed;

    private EncryptionKey(byte[] secret) {
        this.secret = secret;
        BigInteger number = new BigInteger(1, secret);
        if (number.signum() == 0 || number.compareTo(CURVE.getN()) >= 0) {
            Arrays.fill(secret, (byte) 0);
            throw new InvalidSecretException("the seed is out of range for an encryption key");
        }
        publicKey = new FixedPointCombMultiplier().multiply(CURVE.getG(), number).getEncoded(true);
    }

    /**
     * The encryption key of a secret. It comes from the seed or the mnemonic and its password
     * alone: the steps of a derivation path make signing keys only.
     *
     * @param secret what {@link KeyPair#of} takes
     * @return the key, to be closed when no longer needed
     * @throws InvalidSecretException if it is no secret, or (once in 2^128) has no encryption key
     */
    public static EncryptionKey of(String secret) {
        return new EncryptionKey(SecretUri.parse(secret).miniSecret());
    }

    /**
     * {@return what others encrypt for and what stands in a twin's record, a copy of the 33 bytes}
     */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * What this key and the other's owner alone can compute: SHA-256 of the x-coordinate of the
     * Diffie-Hellman point. The caller wipes it.
     *
     * @param otherPublicKey 33 bytes, a point in compressed form
     * @return 32 bytes
     * @throws InvalidPublicKeyException if that is no point of the curve
     * @throws IllegalStateException if this key was closed
     */
    public byte[] sharedSecretWith(byte[] otherPublicKey) {
        ECPoint other = decode(otherPublicKey);
        // The group has prime order: no product of a point with a number below it is infinite.
        byte[] x = other.multiply(number()).normalize().getAffineXCoord().getEncoded();
        var digest = new SHA256Digest();
        digest.update(x, 0, x.length);
        var shared = new byte[digest.getDigestSize()];
        digest.doFinal(shared, 0);
        Arrays.fill(x, (byte) 0);
        return shared;
    }

    private static ECPoint decode(byte[] publicKey) {
        if (publicKey.length != PUBLIC_KEY_BYTES) {
            throw new InvalidPublicKeyException("an encryption key has 33 bytes");
        }
        try {
            return CURVE.getCurve().decodePoint(publicKey);
        } catch (IllegalArgumentException e) {
            throw new InvalidPublicKeyException("an encryption key is no point of the curve");
        }
    }

    private synchronized BigInteger number() {
        if (closed) {
            throw new IllegalStateException("the encryption key is closed");
        }
        return new BigInteger(1, secret);
    }

    /** Wipes the key itself, not the numbers made from it that still wait to be collected. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }
}
