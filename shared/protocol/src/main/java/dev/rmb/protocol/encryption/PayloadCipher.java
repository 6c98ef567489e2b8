package dev.rmb.protocol.encryption;

import dev.rmb.protocol.identity.EncryptionKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts the payloads between two twins: AES-256-GCM under their shared secret, the
 * same in both directions. Thread-safe. Making one takes a multiplication on the curve, so keep it
 * for as long as the two talk, for example in {@link PayloadCiphers}.
 */
public final class PayloadCipher {
    /** Length in bytes of the random nonce in front of every cipher text. */
    public static final int NONCE_BYTES = 12;

    /** Length in bytes of the tag at the end of every cipher text. */
    public static final int TAG_BYTES = 16;

    private static final String ALGORITHM = "AES";
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /**
     * A cipher that nobody uses now, if there is one: looking one up takes longer than encrypting a
     * short message.
     */
    private final AtomicReference<@Nullable Cipher> idle = new AtomicReference<>();

    private PayloadCipher(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * The cipher between two twins.
     *
     * @param own one end's key
     * @param otherPublicKey the other end's public key, 33 bytes
     * @return the cipher
     * @throws dev.rmb.protocol.identity.InvalidPublicKeyException if that is no public key
     */
    public static PayloadCipher between(EncryptionKey own, byte[] otherPublicKey) {
        byte[] shared = own.sharedSecretWith(otherPublicKey);
        var cipher = new PayloadCipher(new SecretKeySpec(shared, ALGORITHM));
        Arrays.fill(shared, (byte) 0);
        return cipher;
    }

    /**
     * Encrypts under a fresh random nonce.
     *
     * @param plain any bytes
     * @return nonce, cipher text and tag: 28 bytes more than {@code plain}
     */
    public byte[] encrypt(byte[] plain) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return encrypt(plain, nonce);
    }

    /** Encrypts under a nonce that must never have been used with this key. */
    byte[] encrypt(byte[] plain, byte[] nonce) {
        byte[] encrypted =
                Arrays.copyOf(nonce, NONCE_BYTES + Math.addExact(plain.length, TAG_BYTES));
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce);
            cipher.doFinal(plain, 0, plain.length, encrypted, NONCE_BYTES);
            idle.set(cipher);
            return encrypted;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work here", e);
        }
    }

    /**
     * Decrypts what the other end encrypted.
     *
     * @param encrypted nonce, cipher text and tag
     * @return the plain bytes, 28 fewer
     * @throws DecryptionException if it is too short, or was not encrypted under this key
     */
    public byte[] decrypt(byte[] encrypted) {
        if (encrypted.length < NONCE_BYTES + TAG_BYTES) {
            throw new DecryptionException("a cipher text has at least 28 bytes");
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, encrypted);
            byte[] plain = cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
            idle.set(cipher);
            return plain;
        } catch (AEADBadTagException e) {
            throw new DecryptionException("a cipher text was not made for this key, or changed");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work here", e);
        }
    }

    /** A cipher of the caller's own, who puts it back only if it has done its work. */
    private Cipher cipher(int mode, byte[] nonceFirst) throws GeneralSecurityException {
        Cipher kept = idle.getAndSet(null);
        Cipher cipher = kept != null ? kept : Cipher.getInstance(TRANSFORMATION);
        cipher.init(
                mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonceFirst, 0, NONCE_BYTES));
        return cipher;
    }
}
