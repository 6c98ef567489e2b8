package dev.rmb.bench.table;

import dev.rmb.bench.figure.Figures;
import dev.rmb.bench.figure.Goal;
import dev.rmb.bench.figure.Spread;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that was measured.
 *
 * @param name of the row
 * @param title of the row
 * @param figures each with its goal
 * @param isPerfect whether every message of all rounds arrived once and in order
 * @param rounds all reports of each round
 */
public record RowReport(
        String name,
        String title,
        List<Measured> figures,
        boolean isPerfect,
        List<List<Object>> rounds) {
    public RowReport {
        figures = List.copyOf(figures);
        rounds = List.copyOf(rounds);
    }

    /**
     * A figure.
     *
     * @param name with its unit
     * @param goal as text, empty if there is none
     * @param isMet whether the median is good enough; {@code null} without a goal
     * @param measured of all rounds
     * @param limit the hub's; {@code null} if it has none
     * @param reference the in-memory reference's, as text
     */
    public record Measured(
            String name,
            String goal,
            @Nullable Boolean isMet,
            Spread measured,
            @Nullable Spread limit,
            String reference) {}

    static RowReport of(Row row, List<Row.Round> rounds) {
        var figures = new Figures();
        var limits = new Figures();
        for (Row.Round round : rounds) {
            figures.add(round.figures());
            limits.add(round.limits());
        }
        List<Measured> measured = new ArrayList<>();
        for (Goal goal : row.goals()) {
            List<Double> values = figures.of(goal.figure());
            if (values.isEmpty()) {
                continue;
            }
            Spread spread = Spread.of(values);
            List<Double> limit = limits.of(goal.figure());
            measured.add(
                    new Measured(
                            goal.figure(),
                            goal.text(),
                            goal.isBound() ? goal.isMetBy(spread.median()) : null,
                            spread,
                            limit.isEmpty() ? null : Spread.of(limit),
                            goal.reference()));
        }
        return new RowReport(
                row.name(),
                row.title(),
                measured,
                rounds.stream().allMatch(Row.Round::isPerfect),
                rounds.stream().map(Row.Round::reports).toList());
    }
}
