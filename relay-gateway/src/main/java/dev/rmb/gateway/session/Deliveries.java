package dev.rmb.gateway.session;

import dev.rmb.cluster.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The books of what one session was given: numbers, the filter, and what the client confirmed. See
 * delivery.md, 10, 13 and 14. Pure; not thread-safe.
 *
 * <p>The owner counts 1, 2, 3 … anew in each scope (a claim over one link). Here all deliveries of
 * the session are counted through, so that a pong that names a count always means the same one,
 * whatever scope came in between.
 */
final class Deliveries {
    /** What to do with a delivery. */
    enum Verdict {
        /** New: it goes to the client. */
        WRITE,
        /** The client has it already: it only takes its number. */
        REPEATED,
        /** A number is missing before it: the owner must start again. */
        GAP
    }

    private long taken;
    private long scopeStart;
    private long probed;
    private long confirmed;
    private long highestOffset = -1;
    private final WrittenOrigins origins = new WrittenOrigins();

    /** From here on the owner counts from 1 again. */
    void begin() {
        scopeStart = taken;
    }

    /**
     * Takes a delivery.
     *
     * @param number within the scope
     * @param offset in the log; negative if it is not known to be there
     * @param origin which record it is; {@code null} if that does not say
     */
    Verdict take(long number, long offset, @Nullable Origin origin) {
        if (number != taken - scopeStart + 1) {
            return Verdict.GAP;
        }
        taken++;
        // Beside the log there is no offset, and the record's may come to be higher than others'.
        boolean isWritten = origin != null && !origins.add(origin);
        if (offset >= 0) {
            isWritten |= offset <= highestOffset;
            highestOffset = Math.max(highestOffset, offset);
        }
        return isWritten ? Verdict.REPEATED : Verdict.WRITE;
    }

    /** How many deliveries no probe names yet. */
    long unprobed() {
        return taken - probed;
    }

    /** How many deliveries are not confirmed yet. */
    long unconfirmed() {
        return taken - confirmed;
    }

    /** What names everything taken so far. */
    long mark() {
        return taken;
    }

    /** The mark for a probe that is sent now: it names everything taken so far. */
    long probe() {
        probed = taken;
        return taken;
    }

    /** Whether the client has confirmed every probe, the latest included. */
    boolean allConfirmed() {
        return confirmed == probed;
    }

    /** Whether the client has confirmed what this mark names. */
    boolean isConfirmed(long mark) {
        return mark <= confirmed;
    }

    /**
     * The client answered the probe with this mark.
     *
     * @return the number that it confirms in the current scope; 0 if it says nothing new about it
     */
    long confirm(long mark) {
        if (mark <= confirmed || mark > probed) {
            return 0;
        }
        confirmed = mark;
        return confirmedNumber();
    }

    /** The highest number of the current scope that the client confirmed; 0 if none. */
    long confirmedNumber() {
        return Math.max(0, confirmed - scopeStart);
    }
}
