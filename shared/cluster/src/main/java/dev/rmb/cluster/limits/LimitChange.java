package dev.rmb.cluster.limits;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A limit has another value than the one that is configured.
 *
 * @param name of the limit
 * @param reason for operators
 */
public record LimitChange(String name, long value, @Nullable String reason, Instant since) {
    private static final int MAX_REASON = 500;

    public LimitChange {
        if (reason != null && reason.length() > MAX_REASON) {
            throw new IllegalArgumentException(
                    "reason must be at most " + MAX_REASON + " characters");
        }
    }
}
