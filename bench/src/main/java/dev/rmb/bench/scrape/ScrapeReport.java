package dev.rmb.bench.scrape;

import java.util.Map;

/**
 * What watching cost.
 *
 * @param rounds how often everything was asked for
 * @param requests in all
 * @param bytes of the answers
 * @param refused requests that were answered with an error
 * @param seconds the run took
 * @param nanosByThread processor time of the process, by thread name without numbers
 */
public record ScrapeReport(
        int rounds,
        int requests,
        long bytes,
        int refused,
        double seconds,
        Map<String, Long> nanosByThread) {
    /** The admin port's threads: what Dropwizard calls its server's. */
    private static final String ADMIN = "dw";

    public ScrapeReport {
        nanosByThread = Map.copyOf(nanosByThread);
    }

    public long nanos() {
        return nanosByThread.values().stream().mapToLong(Long::longValue).sum();
    }

    public long adminNanos() {
        return nanosByThread.entrySet().stream()
                .filter(thread -> thread.getKey().startsWith(ADMIN))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The admin threads' part of the process's time, 0 to 1. */
    public double share() {
        return nanos() == 0 ? 0 : (double) adminNanos() / nanos();
    }
}
