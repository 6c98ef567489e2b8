package dev.rmb.gateway.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * How clients are authenticated.
 *
 * @param threads that check signatures, which takes a fraction of a millisecond each
 * @param queue checks that may wait for a thread; beyond it clients are told to come later
 * @param leeway for how long after its expiry a token is taken
 * @param maxLifetime how long a token may be valid; 0: any time
 * @param directoryTimeout for the twin's look-up
 */
public record AuthSettings(
        @JsonProperty(defaultValue = "1") int threads,
        @JsonProperty(defaultValue = "1024") int queue,
        @JsonProperty(defaultValue = "0s") Duration leeway,
        @JsonProperty(defaultValue = "0s") Duration maxLifetime,
        @JsonProperty(defaultValue = "5s") Duration directoryTimeout) {

    private static final int MAX_THREADS = 256;
    private static final int MAX_QUEUE = 1 << 20;

    public AuthSettings {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS);
        }
        if (queue < 1 || queue > MAX_QUEUE) {
            throw new IllegalArgumentException("queue must be 1 to " + MAX_QUEUE);
        }
        if (leeway.isNegative() || maxLifetime.isNegative()) {
            throw new IllegalArgumentException("times must not be negative");
        }
        if (directoryTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("directoryTimeout must be at least 1ms");
        }
    }
}
