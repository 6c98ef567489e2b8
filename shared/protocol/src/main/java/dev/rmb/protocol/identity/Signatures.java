package dev.rmb.protocol.identity;

import dev.rmb.protocol.sr25519.Sr25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Checks signatures of either {@link KeyType}. Stateless. */
public final class Signatures {
    /** Length in bytes of a signature with its type byte in front. */
    public static final int LENGTH = 65;

    private Signatures() {}

    /**
     * Whether a signature is this account's for this message. Malformed input of any kind (length,
     * type byte, an account that is no public key, non-canonical points and scalars, ed25519 points
     * of low order, sr25519's neutral key) is simply not a signature.
     *
     * <p>ed25519 is checked with the cofactor, 8sB = 8R + 8kA. A twin can make signatures of its
     * own that pass this and not a check of sB = R + kA. See docs/specification.md, 2 and 12.
     *
     * @param account whose signature it should be
     * @param message what should be signed
     * @param signature the type byte and 64 bytes
     * @return whether it holds
     */
    public static boolean verify(AccountId account, byte[] message, byte[] signature) {
        if (signature.length != LENGTH) {
            return false;
        }
        byte[] publicKey = account.bytes();
        byte type = signature[0];
        if (type == KeyType.ED25519.typeByte()) {
            return Ed25519.verify(signature, 1, publicKey, 0, message, 0, message.length);
        }
        return type == KeyType.SR25519.typeByte()
                && Sr25519.verify(publicKey, message, signature, 1);
    }
}
