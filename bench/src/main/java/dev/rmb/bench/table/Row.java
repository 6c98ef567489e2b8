package dev.rmb.bench.table;

import dev.rmb.bench.figure.Goal;
import java.util.List;
import java.util.Map;

/**
 * A row of the table.
 *
 * @param name how it is asked for
 * @param title what is measured
 * @param goals what is hoped for, and figures that are only shown
 * @param measurement one round of it
 */
public record Row(String name, String title, List<Goal> goals, Measurement measurement) {
    public Row {
        goals = List.copyOf(goals);
    }

    /** One round: starts what it needs, and stops it. */
    @FunctionalInterface
    public interface Measurement {
        /**
         * Runs it.
         *
         * @throws InterruptedException if the thread was interrupted; nothing is left running
         */
        Round round() throws InterruptedException;
    }

    /**
     * What came out of a round.
     *
     * @param figures by the names that goals have
     * @param limits the same of the hub in memory, as far as it was measured
     * @param isPerfect whether every message arrived once and in order
     * @param reports all there is, for the JSON
     */
    public record Round(
            Map<String, Double> figures,
            Map<String, Double> limits,
            boolean isPerfect,
            List<Object> reports) {
        public Round {
            figures = Map.copyOf(figures);
            limits = Map.copyOf(limits);
            reports = List.copyOf(reports);
        }
    }
}
