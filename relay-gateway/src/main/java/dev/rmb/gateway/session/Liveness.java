package dev.rmb.gateway.session;

/**
 * Whether a client is still there: it must answer a probe within a time, and who is silent is
 * probed. Pure; times are milliseconds of any one clock that never goes back.
 *
 * <p>While its socket is not read, the client cannot be heard, so that time does not count
 * (delivery.md, 14).
 */
final class Liveness {
    private static final long NONE = Long.MIN_VALUE;

    /** What to do about a client. */
    enum Verdict {
        FINE,
        /** It was silent for a while: ask. */
        PROBE,
        /** It left a probe unanswered for too long. */
        GONE
    }

    private final long idleMs;
    private final long answerMs;
    private long heardAt;
    private long answeredAt = NONE;
    private long waitingSince = NONE;
    private long stoppedAt = NONE;

    /**
     * @param idleMs silence after which the client is probed
     * @param answerMs how long it may take to answer
     */
    Liveness(long idleMs, long answerMs, long now) {
        this.idleMs = idleMs;
        this.answerMs = answerMs;
        this.heardAt = now;
    }

    /** Bytes came. */
    void heard(long now) {
        heardAt = now;
    }

    /** A probe was sent. */
    void probed(long now) {
        if (waitingSince == NONE) {
            waitingSince = now;
        }
    }

    /**
     * A probe was answered.
     *
     * @param latest whether none is left unanswered
     */
    void answered(boolean latest, long now) {
        heardAt = now;
        answeredAt = now;
        waitingSince = latest ? NONE : now;
    }

    /** From now on the socket is not read. */
    void stop(long now) {
        if (stoppedAt == NONE) {
            stoppedAt = now;
        }
    }

    /** The socket is read again. */
    void go(long now) {
        if (stoppedAt == NONE) {
            return;
        }
        if (waitingSince != NONE) {
            waitingSince += now - Math.max(stoppedAt, waitingSince);
        }
        heardAt = now;
        stoppedAt = NONE;
    }

    /** How long nothing was heard. */
    long silentMs(long now) {
        return now - heardAt;
    }

    /** How long ago it last answered a probe; -1: it never did. */
    long answeredMsAgo(long now) {
        return answeredAt == NONE ? -1 : Math.max(0, now - answeredAt);
    }

    Verdict check(long now) {
        if (stoppedAt != NONE) {
            return Verdict.FINE;
        }
        if (waitingSince != NONE) {
            return now - waitingSince >= answerMs ? Verdict.GONE : Verdict.FINE;
        }
        return now - heardAt >= idleMs ? Verdict.PROBE : Verdict.FINE;
    }

    /** In how many milliseconds, at the earliest, {@link #check} can have something new to say. */
    long nextCheckIn(long now) {
        if (stoppedAt != NONE) {
            return Math.min(idleMs, answerMs);
        }
        return waitingSince != NONE ? waitingSince + answerMs - now : heardAt + idleMs - now;
    }
}
