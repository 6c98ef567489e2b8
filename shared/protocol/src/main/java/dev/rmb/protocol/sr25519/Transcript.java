package dev.rmb.protocol.sr25519;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A Merlin transcript (version 1.0): what prover and verifier of a proof have said, each part with
 * its label and length, and challenges that depend on all of it.
 */
final class Transcript {
    private static final String MERLIN = "Merlin v1.0";
    private static final String DOMAIN_SEPARATOR = "dom-sep";
    private static final int WIDE_BYTES = 64;

    private final Strobe strobe;

    Transcript(String label) {
        strobe = new Strobe(MERLIN);
        append(DOMAIN_SEPARATOR, ascii(label));
    }

    /** A copy that goes its own way from here. */
    Transcript(Transcript other) {
        strobe = new Strobe(other.strobe);
    }

    Transcript append(String label, byte[] message) {
        frame(label, message.length);
        strobe.ad(message);
        return this;
    }

    Transcript append(String label, String message) {
        return append(label, ascii(message));
    }

    /** Bytes that depend on everything so far. */
    byte[] challenge(String label, int length) {
        var bytes = new byte[length];
        frame(label, length);
        strobe.prf(bytes);
        return bytes;
    }

    /** A number modulo the group's order that depends on everything so far. */
    Scalar challengeScalar(String label) {
        return Scalar.reduce(challenge(label, WIDE_BYTES));
    }

    /**
     * Bytes that only the holder of a secret can make: they depend on everything so far, on the
     * secret, and on fresh randomness, so that neither a bad random source nor a repeated message
     * alone gives anything away. The transcript itself stays as it is.
     */
    byte[] witness(String label, int length, WitnessSource random, byte[]... secrets) {
        var fork = new Strobe(strobe);
        for (byte[] secret : secrets) {
            fork.metaAd(ascii(label));
            fork.moreMetaAd(littleEndian(secret.length));
            fork.key(secret);
        }
        byte[] fresh = random.next32();
        fork.metaAd(ascii("rng"));
        fork.key(fresh);
        Arrays.fill(fresh, (byte) 0);
        var bytes = new byte[length];
        fork.metaAd(littleEndian(length));
        fork.prf(bytes);
        fork.wipe();
        return bytes;
    }

    Scalar witnessScalar(String label, WitnessSource random, byte[] secret) {
        byte[] wide = witness(label, WIDE_BYTES, random, secret);
        Scalar witness = Scalar.reduce(wide);
        Arrays.fill(wide, (byte) 0);
        return witness;
    }

    void wipe() {
        strobe.wipe();
    }

    private void frame(String label, int length) {
        strobe.metaAd(ascii(label));
        strobe.moreMetaAd(littleEndian(length));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] littleEndian(int value) {
        return new byte[] {
            (byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)
        };
    }
}
