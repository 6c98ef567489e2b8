package dev.rmb.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * How a gateway takes leave of its clients.
 *
 * @param grace how long it serves on after it has stopped being ready, so that balancers notice
 *     before connections are refused
 * @param period over which its sessions are ended, evenly spread
 */
public record DrainSettings(
        @JsonProperty(defaultValue = "0s") Duration grace,
        @JsonProperty(defaultValue = "10s") Duration period) {

    public DrainSettings {
        if (grace.isNegative() || period.isNegative()) {
            throw new IllegalArgumentException("times must not be negative");
        }
    }
}
