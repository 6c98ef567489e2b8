package dev.rmb.protocol.identity;

import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A twin's signing key. It has no {@code toString} that shows it, and is wiped when closed. Safe
 * for use by several threads, which sign at the same time.
 *
 * <p>Wiping ends with what Java allows: the text that the key was made from, the steps of its path
 * and the working state of the hashes and multiplications it went through stay in memory until they
 * are collected and overwritten.
 */
public final class KeyPair implements Signer, AutoCloseable {
    private final KeyType type;
    private final AccountId account;
    private final SigningKey key;

    /** Signing reads, closing writes: no signature is made with a key half wiped. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    private KeyPair(KeyType type, SigningKey key) {
        this.type = type;
        this.key = key;
        this.account = AccountId.of(key.publicKey());
    }

    /**
     * The key pair of a secret.
     *
     * @param type the scheme; the secret does not say which one its account uses
     * @param secret a mnemonic of 12 to 24 words, {@code 0x} and a 32-byte seed in hex, or a
     *     Substrate secret URI: either of them with {@code //hard} and (sr25519 only) {@code /soft}
     *     steps and {@code ///password} behind it. Steps or a password with nothing in front are
     *     those of the development phrase; empty or blank text is no secret
     * @return the key pair, to be closed when no longer needed
     * @throws InvalidSecretException if it is none of these, or asks ed25519 for a soft step
     */
    public static KeyPair of(KeyType type, String secret) {
        SecretUri uri = SecretUri.parse(secret);
        byte[] miniSecret = uri.miniSecret();
        try {
            return new KeyPair(type, SigningKey.of(type, miniSecret, uri.path()));
        } finally {
            Arrays.fill(miniSecret, (byte) 0);
        }
    }

    @Override
    public KeyType keyType() {
        return type;
    }

    @Override
    public AccountId account() {
        return account;
    }

    /**
     * Signs a message. Two sr25519 signatures of one message differ, both are good.
     *
     * @param message any bytes
     * @return 65 bytes: the type byte, then the 64-byte signature
     * @throws IllegalStateException if this key pair was closed
     */
    @Override
    public byte[] sign(byte[] message) {
        Lock signing = lock.readLock();
        signing.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the key pair is closed");
            }
            byte[] signature = key.sign(message);
            var typed = new byte[Signatures.LENGTH];
            typed[0] = type.typeByte();
            System.arraycopy(signature, 0, typed, 1, signature.length);
            return typed;
        } finally {
            signing.unlock();
        }
    }

    /** Wipes the key. The text it was made from is the caller's. */
    @Override
    public void close() {
        Lock closing = lock.writeLock();
        closing.lock();
        try {
            closed = true;
            key.wipe();
        } finally {
            closing.unlock();
        }
    }
}
