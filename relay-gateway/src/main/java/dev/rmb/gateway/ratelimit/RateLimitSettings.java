package dev.rmb.gateway.ratelimit;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;

/**
 * What one twin may send in each minute of the clock, with all its sessions, through all gateways
 * together.
 *
 * @param messages of any kind; 0: any number
 * @param size bytes of them together; 0: any
 */
public record RateLimitSettings(
        @JsonProperty(defaultValue = "0") int messages,
        @JsonProperty(defaultValue = "0B") DataSize size) {

    public RateLimitSettings {
        if (messages < 0) {
            throw new IllegalArgumentException("messages must not be negative");
        }
    }
}
