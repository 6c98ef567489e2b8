package dev.rmb.cluster.bans;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody is kept out.
 *
 * @param reason for operators; clients are not told
 * @param expires when it ends by itself; {@code null}: when it is taken back
 */
public record Ban(
        BanTarget target, @Nullable String reason, Instant since, @Nullable Instant expires) {
    private static final int MAX_REASON = 500;

    public Ban {
        if (reason != null && reason.length() > MAX_REASON) {
            throw new IllegalArgumentException(
                    "reason must be at most " + MAX_REASON + " characters");
        }
    }

    /** Whether it holds at that time. */
    public boolean holdsAt(Instant now) {
        return expires == null || now.isBefore(expires);
    }
}
