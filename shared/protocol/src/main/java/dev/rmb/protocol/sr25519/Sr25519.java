package dev.rmb.protocol.sr25519;

import java.util.Arrays;

/** Checks sr25519 signatures, and knows what signer and verifier have in common. */
public final class Sr25519 {
    /** Length of a signature in bytes: the commitment R and the response s. */
    public static final int SIGNATURE_BYTES = 64;

    /** Length of a public key in bytes. */
    public static final int PUBLIC_KEY_BYTES = RistrettoPoint.BYTES;

    /** Set in a signature's last byte, so that it cannot be taken for an ed25519 one. */
    static final int SCHNORRKEL_MARK = 0x80;

    /** What every signature's transcript begins with. */
    private static final Transcript SUBSTRATE =
            new Transcript("SigningContext").append("", "substrate");

    private Sr25519() {}

    /**
     * Whether a signature is this key's for this message in the context {@code substrate}.
     *
     * <p>Refused are public keys that are no element of the group or its neutral one, for which
     * anybody could sign, responses not below the group's order, and signatures without
     * schnorrkel's mark.
     *
     * @param publicKey 32 bytes
     * @param message any bytes
     * @param signature where the 64 bytes are
     * @param offset the first of them
     */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature, int offset) {
        if ((signature[offset + SIGNATURE_BYTES - 1] & SCHNORRKEL_MARK) == 0) {
            return false;
        }
        int middle = offset + RistrettoPoint.BYTES;
        byte[] commitment = Arrays.copyOfRange(signature, offset, middle);
        byte[] response = Arrays.copyOfRange(signature, middle, middle + Scalar.BYTES);
        response[Scalar.BYTES - 1] &= (byte) ~SCHNORRKEL_MARK;
        Scalar s = Scalar.canonical(response);
        RistrettoPoint key = isNeutral(publicKey) ? null : RistrettoPoint.decode(publicKey);
        if (s == null || key == null) {
            return false;
        }
        Scalar k = challenge(begin(message, publicKey), commitment);
        return Arrays.equals(key.baseTimesMinusThisTimes(s, k).encode(), commitment);
    }

    /** The transcript of a signature up to the commitment. */
    static Transcript begin(byte[] message, byte[] publicKey) {
        return new Transcript(SUBSTRATE)
                .append("sign-bytes", message)
                .append("proto-name", "Schnorr-sig")
                .append("sign:pk", publicKey);
    }

    static Scalar challenge(Transcript transcript, byte[] commitment) {
        return transcript.append("sign:R", commitment).challengeScalar("sign:c");
    }

    private static boolean isNeutral(byte[] encoded) {
        int bits = 0;
        for (byte b : encoded) {
            bits |= b;
        }
        return bits == 0;
    }
}
