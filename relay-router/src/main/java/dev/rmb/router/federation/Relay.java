package dev.rmb.router.federation;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another relay. Thread-safe. */
final class Relay {
    /** Failures in a row that leave a relay unproven. */
    private static final int DOUBTFUL = 3;

    final String domain;

    /** Empty if no relay can be there. */
    final Optional<Destination> destination;

    private final Failures failures;
    private int inARow;
    private boolean proven;
    private int load;
    private long bytes;
    private long waiting;
    private long usedMs;
    private @Nullable String lastError;
    private @Nullable Instant lastErrorAt;

    Relay(String domain, Optional<Destination> destination, long lookBackMs, long nowMs) {
        this.domain = domain;
        this.destination = destination;
        this.failures = new Failures(lookBackMs);
        this.usedMs = nowMs;
    }

    /** It took something lately. Until it has, little is risked on it. */
    synchronized boolean isProven() {
        return proven;
    }

    synchronized int failuresLately(long nowMs) {
        return failures.lately(nowMs);
    }

    /** Whether it may be given one more. */
    synchronized boolean hasRoom(int atOnce, int atOnceUnproven, long atMostBytes) {
        return load < (proven ? atOnce : atOnceUnproven) && bytes < atMostBytes;
    }

    synchronized void take(long size, long nowMs) {
        load++;
        bytes += size;
        usedMs = nowMs;
    }

    synchronized void release(long size) {
        load--;
        bytes -= size;
    }

    /** So many more addresses have mail for it. */
    synchronized void waiting(int more) {
        waiting += more;
    }

    /** Returns whether it did not answer before. */
    synchronized boolean answered() {
        boolean wasDoubtful = inARow >= DOUBTFUL;
        inARow = 0;
        proven = true;
        return wasDoubtful;
    }

    synchronized void failed(String why, long nowMs, Instant at) {
        failures.add(nowMs);
        inARow++;
        if (inARow >= DOUBTFUL) {
            proven = false;
        }
        lastError = why;
        lastErrorAt = at;
    }

    synchronized void reset() {
        failures.clear();
        inARow = 0;
        lastError = null;
        lastErrorAt = null;
    }

    /** Whether forgetting it loses nothing. */
    synchronized boolean isIdle(long nowMs, long idleMs) {
        return isUnused() && nowMs - usedMs >= idleMs && failures.lately(nowMs) == 0;
    }

    /** Nothing is under way to it, nor waits for it. */
    synchronized boolean isUnused() {
        return load == 0 && waiting == 0;
    }

    /** When it was last sent something. */
    synchronized long usedMs() {
        return usedMs;
    }

    synchronized RelayState state(int rank, long nowMs) {
        return new RelayState(
                domain, rank, failures.lately(nowMs), load, waiting, lastError, lastErrorAt);
    }
}
