package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A twin to be registered.
 *
 * @param id the wanted one; {@code null} to be given the next
 * @param account its public key
 * @param relay domains joined by {@code _}; {@code null} for none
 * @param pk 33-byte compressed secp256k1 point; {@code null} for none
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record NewTwin(
        @Nullable Long id, AccountId account, @Nullable String relay, byte @Nullable [] pk) {
    // Not the compact form: javac loses the nullness of its array parameter for other modules.
    public NewTwin(
            @Nullable Long id, AccountId account, @Nullable String relay, byte @Nullable [] pk) {
        this.id = id;
        this.account = account;
        this.relay = relay;
        this.pk = pk == null ? null : pk.clone();
        TwinChecks.checkRelay(relay);
        TwinChecks.checkPk(pk);
    }

    /** A copy of the key. */
    @Override
    public byte @Nullable [] pk() {
        return pk == null ? null : pk.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NewTwin twin
                && Objects.equals(id, twin.id)
                && account.equals(twin.account)
                && Objects.equals(relay, twin.relay)
                && Arrays.equals(pk, twin.pk);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, account, relay);
    }

    Twin withId(long given) {
        return new Twin(given, account, relay, pk);
    }
}
