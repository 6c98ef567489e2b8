package dev.rmb.gateway.offers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * Delivery beside the log: envelopes are offered to the owners of their partitions while the log
 * takes them.
 *
 * @param enabled every pod must know of it before one does it; on unless it is turned off
 * @param linger how long a record waits for others to share its batch while its envelope is
 *     delivered beside the log: what comes later is its confirmation, and nothing else
 * @param perTurn envelopes in a turn of an event loop, in the mean, from which on nothing is
 *     offered: under load the log is cheaper. Offers come back below a quarter of it
 */
public record OfferSettings(
        @JsonProperty(defaultValue = "true") boolean enabled,
        @JsonProperty(defaultValue = "20ms") Duration linger,
        @JsonProperty(defaultValue = "256") int perTurn) {
    private static final Duration MAX_LINGER = Duration.ofMillis(500);

    public OfferSettings {
        if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
            throw new IllegalArgumentException("linger must be 0 to 500ms");
        }
        if (perTurn < 1) {
            throw new IllegalArgumentException("perTurn must be at least 1");
        }
    }
}
