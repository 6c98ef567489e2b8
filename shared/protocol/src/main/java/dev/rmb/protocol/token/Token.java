package dev.rmb.protocol.token;

import dev.rmb.protocol.Address;
import org.jspecify.annotations.Nullable;

/**
 * What a token says whose signature was checked.
 *
 * @param twin the twin that connects, 1 to 2^32 - 1
 * @param connection the session id it chose; {@code null} when absent, which differs from empty
 * @param issuedAt seconds since the epoch, by the client's clock; may lie in the future
 * @param expiresAt seconds since the epoch; the last second at which the token is valid
 */
public record Token(long twin, @Nullable String connection, long issuedAt, long expiresAt) {
    /** {@return the address that the connection opened with this token has} */
    public Address address() {
        return new Address(twin, connection);
    }
}
