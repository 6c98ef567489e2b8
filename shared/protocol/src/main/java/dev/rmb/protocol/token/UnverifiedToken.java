package dev.rmb.protocol.token;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.protocol.token.TokenException.Reason;

/**
 * A well-formed token that anybody could have written: it names a twin, and only the twin's account
 * can tell whether it is that twin's. It has no {@code toString}, as it opens a connection.
 */
public final class UnverifiedToken {
    private final Token claims;
    private final byte[] signed;
    private final byte[] signature;

    /** Takes the arrays as they are. */
    UnverifiedToken(Token claims, byte[] signed, byte[] signature) {
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    /** {@return the twin this token claims to come from, 1 to 2^32 - 1} */
    public long twin() {
        return claims.twin();
    }

    /**
     * Checks the token's time and signature, the cheap one first.
     *
     * @param account the account of {@link #twin}
     * @param nowSeconds seconds since the epoch, by the caller's clock
     * @param leewaySeconds for how long after its expiry the token is still taken, 0 or more
     * @param maxLifetimeSeconds how far its expiry may lie from its issue, and from now; 0 for any
     * @return what it says
     * @throws TokenException if it is expired, valid for too long, or not signed by the account
     */
    public Token verify(
            AccountId account, long nowSeconds, long leewaySeconds, long maxLifetimeSeconds) {
        // Differences rather than sums: the claims are any number from 0 to 2^63 - 1.
        if (nowSeconds - claims.expiresAt() > leewaySeconds) {
            throw new TokenException(Reason.EXPIRED, "token expired");
        }
        // A token issued in the future is fine, but must not be valid for longer by that.
        long from = Math.min(claims.issuedAt(), nowSeconds);
        if (maxLifetimeSeconds > 0 && claims.expiresAt() - from > maxLifetimeSeconds) {
            throw new TokenException(Reason.LIFETIME_TOO_LONG, "token valid for too long");
        }
        if (!Signatures.verify(account, signed, signature)) {
            throw new TokenException(Reason.WRONG_SIGNATURE, "token not signed by the twin");
        }
        return claims;
    }
}
