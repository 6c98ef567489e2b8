package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a directory knows of a twin. See docs/specification.md, 1.
 *
 * @param id 1 to 2^32 - 1
 * @param account its public key
 * @param relay where it is reached: domains joined by {@code _}, as its owner wrote them; {@code
 *     null} if it has set none
 * @param pk its public key for end-to-end encryption, as its owner wrote it: a 33-byte compressed
 *     secp256k1 point when it is of use; {@code null} if it has set none
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record Twin(long id, AccountId account, @Nullable String relay, byte @Nullable [] pk) {
    /** The largest id; ids are u32, and 0 is never one. */
    public static final long MAX_ID = 0xFFFF_FFFFL;

    // Not the compact form: javac loses the nullness of its array parameter for other modules.
    public Twin(long id, AccountId account, @Nullable String relay, byte @Nullable [] pk) {
        if (id < 1 || id > MAX_ID) {
            throw new IllegalArgumentException("a twin's id is within 1 and " + MAX_ID + ": " + id);
        }
        this.id = id;
        this.account = Objects.requireNonNull(account);
        this.relay = relay;
        this.pk = pk == null ? null : pk.clone();
    }

    /** A copy of the key. */
    @Override
    public byte @Nullable [] pk() {
        return pk == null ? null : pk.clone();
    }

    /** The relays of this twin, in a form that can be compared; empty if it has set none. */
    public RelayDomains relayDomains() {
        return RelayDomains.parse(relay);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Twin twin
                && id == twin.id
                && account.equals(twin.account)
                && Objects.equals(relay, twin.relay)
                && Arrays.equals(pk, twin.pk);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id) * 31 + account.hashCode();
    }

    @Override
    public String toString() {
        return "twin " + id + " (" + account + (relay == null ? ")" : " at " + relay + ")");
    }
}
