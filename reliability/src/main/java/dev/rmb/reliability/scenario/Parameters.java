package dev.rmb.reliability.scenario;

import org.jspecify.annotations.Nullable;

/**
 * What may be chosen for a run.
 *
 * @param seconds how long things go wrong; none: as the scenario likes
 * @param rate messages a second of all senders; none: as the scenario likes
 * @param seed of everything that is left to chance, which on real machines is not everything
 * @param offers whether envelopes are delivered beside the log
 * @param ignoreWatermark whether routers are broken on purpose, so that messages must get lost
 */
public record Parameters(
        @Nullable Integer seconds,
        @Nullable Double rate,
        long seed,
        boolean offers,
        boolean ignoreWatermark) {
    int secondsOr(int usual) {
        return seconds == null ? usual : seconds;
    }

    double rateOr(double usual) {
        return rate == null ? usual : rate;
    }
}
