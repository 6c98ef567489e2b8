package dev.rmb.bench.table;

import java.time.Duration;

/**
 * How long a row may take.
 *
 * @param rounds in each of which everything is started anew
 * @param warmup of each round, not measured
 * @param duration of each round, measured
 * @param withLimits whether the hub in memory is measured beside, as the limit of the machine
 */
public record Effort(int rounds, Duration warmup, Duration duration, boolean withLimits) {
    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public Effort {
        if (rounds < 1 || warmup.isNegative() || duration.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "--rounds: at least 1; --warmup: not negative; --duration: more than 0");
        }
    }
}
