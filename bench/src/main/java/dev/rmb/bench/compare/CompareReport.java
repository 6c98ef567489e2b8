package dev.rmb.bench.compare;

import dev.rmb.bench.figure.Figures;
import dev.rmb.bench.figure.Spread;
import dev.rmb.bench.load.LoadReport;
import java.util.List;

/**
 * Two targets under the same load.
 *
 * @param a the first target, as it was named
 * @param b the second one
 * @param ratios of each figure, round by round
 * @param rounds all there is
 */
public record CompareReport(String a, String b, List<Ratio> ratios, List<Round> rounds) {
    public CompareReport {
        ratios = List.copyOf(ratios);
        rounds = List.copyOf(rounds);
    }

    /** One round: a run of each. */
    public record Round(LoadReport a, LoadReport b) {}

    /**
     * A figure.
     *
     * @param figure its name, with its unit
     * @param ratio of the first target's value by the second one's, of each round
     */
    public record Ratio(String figure, Spread a, Spread b, Spread ratio) {}

    static CompareReport of(String a, String b, List<Round> rounds, Figures ofA, Figures ofB) {
        List<Ratio> ratios =
                ofA.names().stream()
                        .filter(name -> ofA.of(name).size() == ofB.of(name).size())
                        .map(name ->
                                new Ratio(
                                        name,
                                        Spread.of(ofA.of(name)),
                                        Spread.of(ofB.of(name)),
                                        Spread.ofRatios(ofA.of(name), ofB.of(name))))
                        .toList();
        return new CompareReport(a, b, ratios, rounds);
    }

    /** Whether every message of all runs arrived once and in order. */
    public boolean isPerfect() {
        return rounds.stream().allMatch(round -> round.a().isPerfect() && round.b().isPerfect());
    }
}
