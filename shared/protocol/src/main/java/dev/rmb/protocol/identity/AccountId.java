package dev.rmb.protocol.identity;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A twin's account on the chain: 32 bytes that are its public key. Immutable.
 *
 * <p>Any 32 bytes are an account id; whether they are a valid public key shows when a signature is
 * checked.
 */
public final class AccountId {
    /** Length of an account id in bytes. */
    public static final int LENGTH = 32;

    private static final String HEX_PREFIX = "0x";

    private final byte[] bytes;

    private AccountId(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The account with this public key.
     *
     * @param publicKey 32 bytes, which are copied
     * @return the account id
     * @throws IllegalArgumentException if it is not 32 bytes long
     */
    public static AccountId of(byte[] publicKey) {
        if (publicKey.length != LENGTH) {
            throw new IllegalArgumentException(
                    "an account id has 32 bytes, not " + publicKey.length);
        }
        return new AccountId(publicKey.clone());
    }

    /**
     * Reads an account id written as 64 hex digits, with or without {@code 0x}, or in SS58 with the
     * prefix 42.
     *
     * @param text the hex digits or the SS58 text
     * @return the account id
     * @throws IllegalArgumentException if {@code text} is no account id, or its checksum is wrong;
     *     it repeats nothing of the text
     */
    public static AccountId parse(String text) {
        String digits = text.startsWith(HEX_PREFIX) ? text.substring(2) : text;
        byte[] decoded = digits.length() == 2 * LENGTH ? decodeHex(digits) : Ss58.decode(text);
        if (decoded == null) {
            throw new IllegalArgumentException(
                    "not an account id: 32 bytes in hex, or SS58 with prefix 42, expected");
        }
        return new AccountId(decoded);
    }

    private static byte @Nullable [] decodeHex(String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            // The exception at hand quotes what may be a seed in the wrong place.
            return null;
        }
    }

    /** {@return a copy of the 32 bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return this account in SS58, the text form of Substrate chains, with the prefix 42} */
    public String ss58() {
        return Ss58.encode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AccountId account && Arrays.equals(bytes, account.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The 32 bytes in lower-case hex, with {@code 0x} in front. */
    @Override
    public String toString() {
        return HEX_PREFIX + HexFormat.of().formatHex(bytes);
    }
}
