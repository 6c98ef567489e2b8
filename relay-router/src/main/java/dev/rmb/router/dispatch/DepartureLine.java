package dev.rmb.router.dispatch;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Addresses whose twins have the same relays: they have their turns, and bear failures together.
 */
final class DepartureLine {
    /** A relay that did not answer so often in a row is taken to be down, for everybody. */
    private static final int DOWN = 3;

    final List<String> relays;

    /** Some may be ready no longer. */
    final ArrayDeque<Departure> ready = new ArrayDeque<>();

    /** Of these some mail must not wait while the relays are down. */
    final Set<Departure> urgent = new LinkedHashSet<>();

    /** Addresses that have a place here. */
    int size;

    /** Of them, those with something under way. */
    int out;

    /** In a row. */
    int failures;

    long pausedUntilMs;
    boolean inRotation;

    DepartureLine(List<String> relays) {
        this.relays = relays;
    }

    boolean isDown() {
        return failures >= DOWN;
    }

    /** While it is down, one address at a time finds out whether it still is. */
    boolean mayStart(long nowMs) {
        return !isDown() || (out == 0 && nowMs >= pausedUntilMs);
    }

    /** How often in a row it was found to be down. */
    int downs() {
        return failures - DOWN + 1;
    }

    void isUp() {
        failures = 0;
        pausedUntilMs = 0;
    }
}
