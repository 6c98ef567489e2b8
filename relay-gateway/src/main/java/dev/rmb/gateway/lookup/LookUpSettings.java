package dev.rmb.gateway.lookup;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Public look-ups of twins.
 *
 * @param perRemote how many a remote address has in each minute of the clock; 0: none, nobody may
 *     look up
 */
public record LookUpSettings(@JsonProperty(defaultValue = "600") int perRemote) {
    public LookUpSettings {
        if (perRemote < 0) {
            throw new IllegalArgumentException("perRemote must not be negative");
        }
    }
}
