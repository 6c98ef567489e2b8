package dev.rmb.bench.process;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often and for how long a garbage collector stopped a process.
 *
 * @param count how often
 * @param totalMillis all of them together
 * @param longestMillis the longest one
 */
public record Pauses(int count, double totalMillis, double longestMillis) {
    private static final Pattern PAUSE = Pattern.compile(".*\\bPause\\b.* ([0-9.]+)ms\\s*");

    /** Those in lines of a JVM's log of the tag {@code gc}. */
    static Pauses in(List<String> lines) {
        int count = 0;
        double total = 0;
        double longest = 0;
        for (String line : lines) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.matches()) {
                double millis = Double.parseDouble(pause.group(1));
                count++;
                total += millis;
                longest = Math.max(longest, millis);
            }
        }
        return new Pauses(count, total, longest);
    }
}
