package dev.rmb.tfchain.twin;

import dev.rmb.protocol.identity.AccountId;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A twin as the chain keeps it.
 *
 * @param id 1 to 2^32 - 1
 * @param account its public key
 * @param relay as its owner wrote it; {@code null} if it has set none
 * @param pk as its owner wrote it; {@code null} if it has set none
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record ChainTwin(long id, AccountId account, @Nullable String relay, byte @Nullable [] pk) {
    // Not the compact form: javac loses the nullness of its array parameter for other modules.
    public ChainTwin(long id, AccountId account, @Nullable String relay, byte @Nullable [] pk) {
        this.id = id;
        this.account = account;
        this.relay = relay;
        this.pk = pk == null ? null : pk.clone();
    }

    /** A copy of the key. */
    @Override
    public byte @Nullable [] pk() {
        return pk == null ? null : pk.clone();
    }

    /** Whether relay and key are these. */
    public boolean has(@Nullable String wantedRelay, byte @Nullable [] wantedPk) {
        return Objects.equals(relay, wantedRelay) && Arrays.equals(pk, wantedPk);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChainTwin twin
                && id == twin.id
                && account.equals(twin.account)
                && has(twin.relay, twin.pk);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id) * 31 + account.hashCode();
    }
}
