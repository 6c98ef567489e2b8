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

    private final List<Span> spans = new ArrayList<>();

    private record Span(long from, long to) {}

    /**
     * Something happens to a process or link.
     *
     * @param from when it began
     * @param to when everything had found its place again, by the longest of the time-outs involved
     */
    void add(long from, long to) {
        spans.add(new Span(from - FORGOTTEN_MS - ON_ITS_WAY_MS, to));
    }

    /** Whether a confirmation that a client sent at this time may have been without effect. */
    boolean excuse(long confirmedAt) {
        for (Span span : spans) {
            if (confirmedAt >= span.from && confirmedAt <= span.to) {
                return true;
            }
        }
        return false;
    }
}
