package dev.rmb.gateway.federation;

import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.EnvelopeHeader.Kind;
import dev.rmb.protocol.envelope.Lifetime;
import org.jspecify.annotations.Nullable;

/** What shows in an envelope itself, before anybody is asked. Pure. */
final class Screening {
    /** An error that a relay makes is a short text. */
    static final int MAX_RELAY_ERROR = 16 * 1024;

    /** Ten years: whoever says more means something else. */
    static final long MAX_EXPIRATION_SECONDS = 10L * 365 * 24 * 3600;

    private final boolean relayErrors;
    private final long skewSeconds;

    Screening(FederationSettings settings) {
        this.relayErrors = settings.relayErrors();
        this.skewSeconds = settings.clockSkew().toSeconds();
    }

    /**
     * Why an envelope will never be taken.
     *
     * @param size bytes of the whole envelope
     * @param nowSeconds since the epoch
     * @return {@code null} if nothing speaks against it yet
     */
    @Nullable Answer refusal(EnvelopeHeader envelope, int size, long nowSeconds) {
        if (envelope.kind() == Kind.PING || envelope.kind() == Kind.PONG) {
            return Answer.PING;
        }
        if (envelope.destinationTwin() == 0) {
            return Answer.NO_DESTINATION;
        }
        if (envelope.sourceTwin() == 0) {
            if (envelope.kind() != Kind.ERROR || envelope.sourceConnection() != null) {
                return Answer.NO_SOURCE;
            }
            if (!relayErrors || envelope.uid().isEmpty() || size > MAX_RELAY_ERROR) {
                return Answer.RELAY_ERROR;
            }
        }
        return refusal(envelope.lifetime(), nowSeconds);
    }

    /** Senders' clocks are wrong, but not by more than this allows. */
    private @Nullable Answer refusal(Lifetime lifetime, long nowSeconds) {
        if (Long.compareUnsigned(lifetime.timestamp(), nowSeconds + skewSeconds) > 0) {
            return Answer.FROM_THE_FUTURE;
        }
        if (Long.compareUnsigned(lifetime.expiration(), MAX_EXPIRATION_SECONDS) > 0) {
            return Answer.ABSURD_LIFETIME;
        }
        // One whose expiration is 0 is for whoever is connected when it comes.
        return nowSeconds - lifetime.timestamp() - lifetime.expiration() > skewSeconds
                ? Answer.EXPIRED
                : null;
    }
}
