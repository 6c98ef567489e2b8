package dev.rmb.bench.figure;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What several rounds gave.
 *
 * @param rounds how many
 * @param median the one in the middle, or the mean of the two in the middle
 */
public record Spread(int rounds, double lowest, double median, double highest) {
    /**
     * Of these values.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no rounds, no spread");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
        return new Spread(size, sorted.getFirst(), median, sorted.getLast());
    }

    /** Of the ratios of each round's two values, which had the same weather. */
    public static Spread ofRatios(List<Double> values, List<Double> by) {
        if (values.size() != by.size()) {
            throw new IllegalArgumentException("as many values as values to divide them by");
        }
        return of(
                IntStream.range(0, values.size())
                        .mapToObj(i -> values.get(i) / by.get(i))
                        .toList());
    }
}
