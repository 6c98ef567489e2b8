package dev.rmb.reliability.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * The times in which a confirmation may have got lost on its way, or been forgotten: around the
 * crash or pause of a process, the cut of a link. Times are milliseconds of the run.
 */
final class Disturbances {
    /** Promised: what was confirmed in the half second before a crash may come again. */
    private static final long FORGOTTEN_MS = 500;

    /**
     * How long a pong may take from the client to the owner of the partition, on a busy machine.
     */
    static final long ON_ITS_WAY_MS = 500;

    /**
     * What a machine that has too much to do adds to it: the promise counts on transactions that
     * take no time. How much it really was is {@linkplain #forgottenMs() told}.
     */
    private static final long STARVED_MS = 3_000;

    private final List<Span> spans = new ArrayList<>();

    private long forgottenMs;

    private record Span(long from, long to) {}

    /**
     * Something happens to a process or link.
     *
     * @param from when it began
     * @param to when everything had found its place again, by the longest of the time-outs involved
     */
    void add(long from, long to) {
        spans.add(new Span(from, to));
    }

    /**
     * Whether a confirmation that a client sent at this time may have been without effect; and if
     * it was sent before a disturbance, remembers how long.
     */
    boolean excuse(long confirmedAt) {
        long shortest = Long.MAX_VALUE;
        for (Span span : spans) {
            if (confirmedAt <= span.to) {
                shortest = Math.min(shortest, Math.max(0, span.from - confirmedAt));
            }
        }
        if (shortest > FORGOTTEN_MS + ON_ITS_WAY_MS + STARVED_MS) {
            return false;
        }
        forgottenMs = Math.max(forgottenMs, shortest);
        return true;
    }

    /** How long before a disturbance the earliest confirmation was sent that had no effect. */
    long forgottenMs() {
        return forgottenMs;
    }
}
