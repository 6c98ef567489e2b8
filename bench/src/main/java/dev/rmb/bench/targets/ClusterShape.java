package dev.rmb.bench.targets;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Of what a cluster consists, beside its broker.
 *
 * @param partitions of the log
 */
public record ClusterShape(int routers, int gateways, int partitions) {
    /** The smallest one, with as many partitions as {@code ./relay up}. */
    public static final ClusterShape SMALLEST = new ClusterShape(1, 1, 4);

    private static final Pattern FORM = Pattern.compile("(\\d{1,2})x(\\d{1,2})x(\\d{1,4})");

    public ClusterShape {
        if (routers < 1 || gateways < 1 || partitions < 1) {
            throw new IllegalArgumentException(
                    "a cluster has routers, gateways and partitions, one at least of each");
        }
    }

    /**
     * Reads {@code ROUTERSxGATEWAYSxPARTITIONS}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static ClusterShape parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not ROUTERSxGATEWAYSxPARTITIONS, such as 2x2x8");
        }
        return new ClusterShape(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    /** Twice as many of each. */
    public ClusterShape twice() {
        return new ClusterShape(2 * routers, 2 * gateways, 2 * partitions);
    }
}
