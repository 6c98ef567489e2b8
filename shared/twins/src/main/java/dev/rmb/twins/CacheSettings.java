package dev.rmb.twins;

import java.time.Duration;

/**
 * How much is kept of what a distant source told.
 *
 * @param size twins at most
 * @param unknownFor how long it is believed that there is no such twin
 */
public record CacheSettings(long size, Duration unknownFor) {
    public CacheSettings {
        if (size < 1) {
            throw new IllegalArgumentException("a cache holds at least 1 twin");
        }
        if (unknownFor.isNegative()) {
            throw new IllegalArgumentException("times must not be negative");
        }
    }
}
