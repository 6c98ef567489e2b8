package dev.rmb.gateway.accept;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * How envelopes are written to the log.
 *
 * @param linger how long a record waits for others to share its batch; costs that latency
 * @param timeout after which an envelope that is not confirmed counts as such, at least 1 s
 * @param inFlight bytes of all sessions that may be under way into the log; sockets are not read
 *     beyond it. Each event loop has its share, and goes over it by at most one envelope
 */
public record AcceptSettings(
        @JsonProperty(defaultValue = "0ms") Duration linger,
        @JsonProperty(defaultValue = "30s") Duration timeout,
        @JsonProperty(defaultValue = "32MiB") DataSize inFlight) {

    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_LINGER = Duration.ofMillis(500);
    private static final long MIN_IN_FLIGHT = 64 * 1024;
    private static final long MAX_IN_FLIGHT = 1L << 30;

    public AcceptSettings {
        if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
            throw new IllegalArgumentException("linger must be 0 to 500ms");
        }
        if (timeout.compareTo(MIN_TIMEOUT) < 0) {
            throw new IllegalArgumentException("timeout must be at least 1s");
        }
        if (inFlight.toBytes() < MIN_IN_FLIGHT || inFlight.toBytes() > MAX_IN_FLIGHT) {
            throw new IllegalArgumentException("inFlight must be 64KiB to 1GiB");
        }
    }
}
