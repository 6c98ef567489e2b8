package dev.rmb.protocol.sr25519;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA512Digest;

/**
 * An sr25519 secret key: a number, and a seed for witnesses. It has no {@code toString}, and is
 * wiped when closed; to be used by one thread at a time.
 */
public final class SecretKey implements AutoCloseable {
    /** Length in bytes of the seed that a key is expanded from, and of a chain code. */
    public static final int SEED_BYTES = 32;

    private static final String DERIVATION = "SchnorrRistrettoHDKD";
    private static final int NONCE_BYTES = 32;

    private final Scalar key;
    private final byte[] nonce;
    private final byte[] publicKey;

    private SecretKey(Scalar key, byte[] nonce) {
        this.key = key;
        this.nonce = nonce;
        this.publicKey = RistrettoPoint.multiplyBase(key).encode();
    }

    /**
     * Expands a mini-secret the way ed25519 does, which is what Substrate uses.
     *
     * @param miniSecret 32 bytes; not kept
     */
    public static SecretKey expand(byte[] miniSecret) {
        var digest = new SHA512Digest();
        digest.update(miniSecret, 0, miniSecret.length);
        var hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);

        byte[] number = Arrays.copyOf(hash, Scalar.BYTES);
        number[0] &= (byte) 0xF8;
        number[31] &= 0x3F;
        number[31] |= 0x40;
        divideByCofactor(number);
        Scalar key = Scalar.canonical(number);
        if (key == null) {
            throw new AssertionError("a number below 2^252 is below the order");
        }
        byte[] nonce = Arrays.copyOfRange(hash, Scalar.BYTES, hash.length);
        Arrays.fill(hash, (byte) 0);
        Arrays.fill(number, (byte) 0);
        return new SecretKey(key, nonce);
    }

    /** The public key, a copy of the 32 bytes. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * Signs in the context {@code substrate}.
     *
     * @param message any bytes
     * @param random what makes two signatures of the same message differ
     * @return 64 bytes
     */
    public byte[] sign(byte[] message, WitnessSource random) {
        Transcript transcript = Sr25519.begin(message, publicKey);
        Scalar witness = transcript.witnessScalar("signing", random, nonce);
        byte[] commitment = RistrettoPoint.multiplyBase(witness).encode();
        Scalar challenge = Sr25519.challenge(transcript, commitment);
        Scalar product = challenge.times(key);
        byte[] response = product.plus(witness).bytes();
        product.wipe();
        witness.wipe();

        byte[] signature = Arrays.copyOf(commitment, Sr25519.SIGNATURE_BYTES);
        System.arraycopy(response, 0, signature, RistrettoPoint.BYTES, response.length);
        signature[Sr25519.SIGNATURE_BYTES - 1] |= (byte) Sr25519.SCHNORRKEL_MARK;
        return signature;
    }

    /**
     * Derives a key that cannot be told to be related to this one.
     *
     * @param chainCode 32 bytes
     */
    public SecretKey deriveHard(byte[] chainCode) {
        byte[] number = key.bytes();
        Transcript transcript =
                new Transcript(DERIVATION)
                        .append("sign-bytes", "")
                        .append("chain-code", chainCode)
                        .append("secret-key", number);
        byte[] miniSecret = transcript.challenge("HDKD-hard", SEED_BYTES);
        transcript.wipe();
        SecretKey derived = expand(miniSecret);
        Arrays.fill(number, (byte) 0);
        Arrays.fill(miniSecret, (byte) 0);
        return derived;
    }

    /**
     * Derives a key whose public key anybody can derive from this one's.
     *
     * @param chainCode 32 bytes
     */
    public SecretKey deriveSoft(byte[] chainCode) {
        Transcript transcript =
                new Transcript(DERIVATION)
                        .append("sign-bytes", "")
                        .append("chain-code", chainCode)
                        .append("public-key", publicKey);
        Scalar step = transcript.challengeScalar("HDKD-scalar");
        // The nonce is no part of the key's identity. Without randomness the derived key is the
        // same object every time, and each signature adds randomness of its own.
        byte[] number = key.bytes();
        byte[] derivedNonce =
                transcript.witness(
                        "HDKD-nonce", NONCE_BYTES, () -> new byte[SEED_BYTES], nonce, number);
        Arrays.fill(number, (byte) 0);
        return new SecretKey(key.plus(step), derivedNonce);
    }

    /** Wipes the secret. The key must not be used any more. */
    @Override
    public void close() {
        key.wipe();
        Arrays.fill(nonce, (byte) 0);
    }

    /** Divides a little-endian number by 8. */
    private static void divideByCofactor(byte[] number) {
        int carry = 0;
        for (int i = number.length - 1; i >= 0; i--) {
            int value = carry << 8 | (number[i] & 0xFF);
            number[i] = (byte) (value >>> 3);
            carry = value & 7;
        }
    }
}
