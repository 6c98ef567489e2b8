package dev.rmb.router.federation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another relay, as one router sees it.
 *
 * @param domain {@code host} or {@code host:port}, as twins' records name it
 * @param rank 0 is the best; relays with as many failures have the same
 * @param failuresLately within the time that is looked back, an hour by default
 * @param inFlight messages that were handed to it and not answered yet
 * @param waiting addresses with mail for it, under way or not
 * @param lastError in words; {@code null} if there was none since the start or the last reset
 * @param lastErrorAt {@code null} likewise
 */
public record RelayState(
        String domain,
        int rank,
        int failuresLately,
        int inFlight,
        long waiting,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {}
