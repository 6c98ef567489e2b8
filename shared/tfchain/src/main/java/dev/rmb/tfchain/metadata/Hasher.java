package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.hash.Hashes;
import dev.rmb.tfchain.scale.ScaleException;
import java.util.function.UnaryOperator;

/** How the key of a map becomes part of a storage key. In the order of the metadata's numbers. */
public enum Hasher {
    BLAKE2_128(Hashes::blake2b128, false),
    BLAKE2_256(Hashes::blake2b256, false),
    BLAKE2_128_CONCAT(Hashes::blake2b128, true),
    TWOX_128(Hashes::twox128, false),
    TWOX_256(Hashes::twox256, false),
    TWOX_64_CONCAT(Hashes::twox64, true),
    IDENTITY(key -> new byte[0], true);

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final UnaryOperator<byte[]> hash;

    private final boolean concat;

    Hasher(UnaryOperator<byte[]> hash, boolean concat) {
        this.hash = hash;
        this.concat = concat;
    }

    static Hasher numbered(int number) {
        Hasher[] all = values();
        if (number >= all.length) {
            throw new ScaleException("no hasher has the number " + number);
        }
        return all[number];
    }

    /** What stands for an encoded key. */
    public byte[] apply(byte[] key) {
        byte[] hashed = hash.apply(key);
        return concat ? Bytes.concat(hashed, key) : hashed;
    }
}
