package dev.rmb.bench.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A logarithmic axis of whole decades.
 *
 * @param lowest exponent of ten
 * @param highest exponent of ten
 */
record LogAxis(int lowest, int highest) {
    /** One on which all values have room; values that have no logarithm are passed over. */
    static LogAxis of(DoubleStream values) {
        double[] positive = values.filter(value -> value > 0).toArray();
        if (positive.length == 0) {
            return new LogAxis(0, 1);
        }
        int lowest = (int) Math.floor(Math.log10(DoubleStream.of(positive).min().orElseThrow()));
        int highest = (int) Math.ceil(Math.log10(DoubleStream.of(positive).max().orElseThrow()));
        return new LogAxis(lowest, Math.max(highest, lowest + 1));
    }

    /** Where a value is, from 0 to 1; beyond the ends: at the end. */
    double at(double value) {
        if (value <= 0) {
            return 0;
        }
        return Math.clamp((Math.log10(value) - lowest) / (highest - lowest), 0, 1);
    }

    /** The decades. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int exponent = lowest; exponent <= highest; exponent++) {
            ticks.add(Math.pow(10, exponent));
        }
        return ticks;
    }
}
