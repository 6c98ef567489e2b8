package dev.rmb.bench.figure;

/**
 * What is hoped for of a figure.
 *
 * @param figure its name, with its unit
 * @param direction which way is better
 * @param bound the goal; not a number if it is only shown
 * @param reference what the in-memory reference gave; as text, empty if unknown
 */
public record Goal(String figure, Direction direction, double bound, String reference) {
    /** Which way is better. */
    public enum Direction {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }
    }

    /** A figure that is to reach so much. */
    public static Goal atLeast(String figure, double bound, String reference) {
        return new Goal(figure, Direction.AT_LEAST, bound, reference);
    }

    /** A figure that is to stay below so much. */
    public static Goal atMost(String figure, double bound, String reference) {
        return new Goal(figure, Direction.AT_MOST, bound, reference);
    }

    /** A figure that is only shown. */
    public static Goal none(String figure) {
        return new Goal(figure, Direction.AT_LEAST, Double.NaN, "");
    }

    /** Whether anything is hoped for. */
    public boolean isBound() {
        return !Double.isNaN(bound);
    }

    /** Whether this value is good enough. */
    public boolean isMetBy(double value) {
        return switch (direction) {
            case AT_LEAST -> value >= bound;
            case AT_MOST -> value <= bound;
        };
    }

    /** As people read it. */
    public String text() {
        return isBound() ? direction.sign + " " + Figures.text(bound) : "";
    }
}
