package dev.rmb.bench.hostile;

import dev.rmb.bench.load.LoadReport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a pair noticed.
 *
 * @param rounds in order
 */
public record HostileReport(List<Round> rounds) {

    /**
     * A run of the pair in peace, and one under attack.
     *
     * @param without the attack
     * @param with the attack
     * @param done how many steps of each attack were done in that time
     */
    public record Round(LoadReport without, LoadReport with, Map<AttackKind, Long> done) {}

    /** The median of the pair's p99 without the attack, in microseconds. */
    public double p99Without() {
        return median(rounds.stream().mapToDouble(r -> r.without().latency().p99()).toArray());
    }

    /** Likewise with it. */
    public double p99With() {
        return median(rounds.stream().mapToDouble(r -> r.with().latency().p99()).toArray());
    }

    /** How many times its own p99 the pair's is under attack. */
    public double ratio() {
        return p99With() / p99Without();
    }

    /** Whether every message of the pair arrived once and in order. */
    public boolean isPerfect() {
        return rounds.stream().allMatch(r -> r.without().isPerfect() && r.with().isPerfect());
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
