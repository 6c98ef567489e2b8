package dev.rmb.bench.figure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The values of named figures, round by round. Not thread-safe. */
public final class Figures {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** Adds a round's values. */
    public void add(Map<String, Double> round) {
        round.forEach(
                (name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }

    /** Names, in the order in which they came. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** A figure's value of each round; none if it was not measured. */
    public List<Double> of(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** All of them. */
    public Map<String, List<Double>> all() {
        var all = new LinkedHashMap<String, List<Double>>();
        values.forEach((name, list) -> all.put(name, List.copyOf(list)));
        return all;
    }

    /** A number as people read it: three digits that count, or all before the point. */
    public static String text(double value) {
        double size = Math.abs(value);
        String format =
                size >= 100 || size == 0
                        ? "%,.0f"
                        : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
