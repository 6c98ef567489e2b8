package dev.rmb.protocol.identity;

/** Signs for one account: a {@link KeyPair}, or something that keeps the key elsewhere. */
public interface Signer {
    /** {@return the scheme this signer uses} */
    KeyType keyType();

    /** {@return the account signed for} */
    AccountId account();

    /**
     * Signs a message.
     *
     * @param message any bytes
     * @return 65 bytes: the type byte, then the 64-byte signature
     */
    byte[] sign(byte[] message);
}
