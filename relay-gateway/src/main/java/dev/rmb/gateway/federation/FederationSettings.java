package dev.rmb.gateway.federation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.gateway.ratelimit.RateLimitSettings;
import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * What is taken from other relays.
 *
 * @param enabled whether anything is
 * @param verify whether envelopes must bear the signature of their source twin; {@code off} only
 *     where nobody but trusted relays reaches the port, whose peers do not sign
 * @param relayErrors whether errors are taken that another relay made itself: they have neither
 *     source nor signature, so anybody can make them
 * @param maxMessage bytes of one envelope
 * @param clockSkew by how much senders' clocks may be wrong before their envelopes count as expired
 *     or as from the future
 * @param lookUpTimeout for the look-ups of both twins together; other relays wait 3 s for all
 * @param perRemote what a remote address may send in each minute of the clock, through this gateway
 * @param perTwin likewise, what one twin may send through other relays
 * @param inFlight bytes of envelopes that are being looked up, checked or written; beyond it no
 *     more are read
 * @param threads that check signatures, which takes a fraction of a millisecond each
 * @param queue checks that may wait for a thread; beyond it relays are told to come later
 */
public record FederationSettings(
        @JsonProperty(defaultValue = "true") boolean enabled,
        @JsonProperty(defaultValue = "true") boolean verify,
        @JsonProperty(defaultValue = "false") boolean relayErrors,
        @JsonProperty(defaultValue = "16MiB") DataSize maxMessage,
        @JsonProperty(defaultValue = "10m") Duration clockSkew,
        @JsonProperty(defaultValue = "2s") Duration lookUpTimeout,
        RateLimitSettings perRemote,
        RateLimitSettings perTwin,
        @JsonProperty(defaultValue = "32MiB") DataSize inFlight,
        @JsonProperty(defaultValue = "1") int threads,
        @JsonProperty(defaultValue = "1024") int queue) {

    /** The log takes no larger one (delivery.md, 17). */
    private static final long MAX_MESSAGE = 16 << 20;

    private static final int MAX_THREADS = 256;
    private static final int MAX_QUEUE = 1 << 20;

    public FederationSettings {
        if (maxMessage.toBytes() < 1 || maxMessage.toBytes() > MAX_MESSAGE) {
            throw new IllegalArgumentException("maxMessage must be 1 byte to 16MiB");
        }
        if (clockSkew.isNegative()) {
            throw new IllegalArgumentException("clockSkew must not be negative");
        }
        if (lookUpTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("lookUpTimeout must be at least 1ms");
        }
        if (inFlight.toBytes() < maxMessage.toBytes() + Held.OVERHEAD) {
            throw new IllegalArgumentException(
                    "inFlight must have room for one message of maxMessage, and 1KiB");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS);
        }
        if (queue < 1 || queue > MAX_QUEUE) {
            throw new IllegalArgumentException("queue must be 1 to " + MAX_QUEUE);
        }
    }
}
