package dev.rmb.protocol.identity;

/** The signature schemes of twins. The account id does not say which one is used. */
public enum KeyType {
    /** Edwards-curve signatures, RFC 8032. */
    ED25519('e'),
    /** Schnorrkel signatures over ristretto255, with the signing context {@code substrate}. */
    SR25519('s');

    private final byte typeByte;

    KeyType(char typeByte) {
        this.typeByte = (byte) typeByte;
    }

    /** {@return the byte in front of a signature of this type: {@code 'e'} or {@code 's'}} */
    public byte typeByte() {
        return typeByte;
    }
}
