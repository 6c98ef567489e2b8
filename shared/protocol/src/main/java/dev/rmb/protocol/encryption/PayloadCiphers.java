package dev.rmb.protocol.encryption;

import dev.rmb.protocol.identity.EncryptionKey;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ciphers between one twin and those it talks to, of which the most recently used are kept: a
 * shared secret costs hundreds of microseconds, encrypting a message a few. Thread-safe.
 */
public final class PayloadCiphers {
    private final EncryptionKey own;
    private final Map<ByteBuffer, PayloadCipher> recent;

    /**
     * Ciphers of one twin.
     *
     * @param own its key; stays the caller's to close, and open for as long as this is used
     * @param capacity how many ciphers are kept, at least 1
     */
    public PayloadCiphers(EncryptionKey own, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity of " + capacity);
        }
        this.own = own;
        this.recent =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(
                            Map.Entry<ByteBuffer, PayloadCipher> eldest) {
                        return size() > capacity;
                    }
                };
    }

    /**
     * The cipher with another twin.
     *
     * @param otherPublicKey its public key, 33 bytes
     * @return the cipher, kept or made
     * @throws dev.rmb.protocol.identity.InvalidPublicKeyException if that is no public key
     */
    public PayloadCipher with(byte[] otherPublicKey) {
        ByteBuffer key = ByteBuffer.wrap(otherPublicKey.clone());
        synchronized (recent) {
            PayloadCipher known = recent.get(key);
            if (known != null) {
                return known;
            }
        }
        // Computed outside the lock: two threads may do so at once, and get equal ciphers.
        PayloadCipher made = PayloadCipher.between(own, otherPublicKey);
        synchronized (recent) {
            recent.put(key, made);
        }
        return made;
    }
}
