package dev.rmb.reliability.proof;

import java.util.Arrays;

/** One sender's messages to one address. See {@link Proof} for what is counted. */
public final class Pair {
    private static final int CONFIRMED = 1;
    private static final int ANSWERED = 2;
    private static final int ARRIVED = 4;
    private static final int ACKNOWLEDGED = 8;

    private static final int NONE = -1;
    private static final int FIRST_MESSAGES = 8;

    private final Proof proof;
    private final int index;

    // By number.
    private int sent;
    private byte[] state = new byte[FIRST_MESSAGES];
    private int[] lastSession = new int[FIRST_MESSAGES];
    private int[] acknowledgedAt = new int[FIRST_MESSAGES];

    // By sender session: its first number, the highest number that arrived at all, and the last
    // one that arrived at the receiver session that is named beside it.
    private int senderSessions;
    private int[] first = new int[1];
    private int[] highest = new int[1];
    private int[] last = new int[1];
    private int[] lastAt = new int[1];

    /** The latest sender session of which something arrived, at all and at one session. */
    private int latest = NONE;

    private int latestAt = NONE;
    private int latestInSession = NONE;

    Pair(Proof proof, int index) {
        this.proof = proof;
        this.index = index;
    }

    /** Its place in {@link Proof#pairs()}. */
    public int index() {
        return index;
    }

    /** How many were sent. */
    public int sent() {
        return sent;
    }

    /** The sender connected anew: what it sends from now on is another session's. */
    public void senderSession() {
        if (senderSessions > 0 && first[senderSessions - 1] == sent) {
            return;
        }
        if (senderSessions == first.length) {
            int length = 2 * senderSessions;
            first = Arrays.copyOf(first, length);
            highest = Arrays.copyOf(highest, length);
            last = Arrays.copyOf(last, length);
            lastAt = Arrays.copyOf(lastAt, length);
        }
        first[senderSessions] = sent;
        highest[senderSessions] = NONE;
        last[senderSessions] = NONE;
        senderSessions++;
    }

    /**
     * The next message leaves.
     *
     * @return its number
     */
    public int send() {
        if (senderSessions == 0) {
            senderSession();
        }
        if (sent == state.length) {
            int length = 2 * sent;
            state = Arrays.copyOf(state, length);
            lastSession = Arrays.copyOf(lastSession, length);
            acknowledgedAt = Arrays.copyOf(acknowledgedAt, length);
        }
        proof.sent++;
        return sent++;
    }

    /** The relay accepted this message. */
    public void confirmed(int number) {
        if (set(number, CONFIRMED)) {
            proof.confirmed++;
            if (!has(number, ARRIVED) && !has(number, ANSWERED)) {
                proof.missing++;
            }
        }
    }

    /** The relay said that this message will not arrive, or may not. */
    public void answered(int number) {
        if (number >= 0 && number < sent && set(number, ANSWERED)) {
            proof.answered++;
            if (has(number, CONFIRMED) && !has(number, ARRIVED)) {
                proof.missing--;
            }
        }
    }

    /**
     * A message arrived.
     *
     * @param sessions of the receiver
     * @param session the one at which it arrived
     */
    public void arrived(int number, Arrivals sessions, int session) {
        if (number < 0 || number >= sent) {
            proof.foreign();
            return;
        }
        if (has(number, ARRIVED) && lastSession[number] == session) {
            proof.repeatedInSession++;
            return;
        }
        int senderSession = senderSession(number);
        if (isOutOfOrder(number, senderSession, session)) {
            proof.outOfOrder(true);
        } else if (isOvertaken(number, senderSession, session)) {
            proof.outOfOrder(false);
        }
        if (set(number, ARRIVED)) {
            proof.received++;
            if (has(number, CONFIRMED) && !has(number, ANSWERED)) {
                proof.missing--;
            }
        } else {
            repeated(number, sessions);
        }
        lastSession[number] = session;
        highest[senderSession] = Math.max(highest[senderSession], number);
        latest = Math.max(latest, senderSession);
        last[senderSession] = number;
        lastAt[senderSession] = session;
        latestInSession =
                latestAt == session ? Math.max(latestInSession, senderSession) : senderSession;
        latestAt = session;
    }

    /** By what the same sender session sent later. */
    private boolean isOutOfOrder(int number, int senderSession, int session) {
        boolean isFirst = !has(number, ARRIVED);
        if (isFirst && number < highest[senderSession]) {
            return true;
        }
        return lastAt[senderSession] == session && number < last[senderSession];
    }

    /** By what a later sender session sent. */
    private boolean isOvertaken(int number, int senderSession, int session) {
        boolean isFirst = !has(number, ARRIVED);
        // Between sender sessions only what was confirmed has its place.
        return has(number, CONFIRMED)
                && ((isFirst && senderSession < latest)
                        || (latestAt == session && senderSession < latestInSession));
    }

    private void repeated(int number, Arrivals sessions) {
        proof.repeated++;
        if (!has(number, ACKNOWLEDGED)) {
            return;
        }
        long at = acknowledgedAt[number];
        boolean onItsWay = at >= sessions.end(lastSession[number]) - Disturbances.ON_ITS_WAY_MS;
        if (!onItsWay && !proof.disturbances.excuse(at)) {
            proof.repeatedWithoutExcuse++;
        }
    }

    /**
     * The receiver sent a pong that acknowledges this message.
     *
     * @param now milliseconds of the run
     */
    public void acknowledged(int number, long now) {
        set(number, ACKNOWLEDGED);
        // Of several the last counts: each arrival is judged by what its predecessor had confirmed.
        acknowledgedAt[number] = (int) now;
    }

    /** The session in which it was sent. */
    private int senderSession(int number) {
        int found = Arrays.binarySearch(first, 0, senderSessions, number);
        return found >= 0 ? found : -found - 2;
    }

    private boolean has(int number, int flag) {
        return (state[number] & flag) != 0;
    }

    /** Returns whether this is news. */
    private boolean set(int number, int flag) {
        if (has(number, flag)) {
            return false;
        }
        state[number] |= (byte) flag;
        return true;
    }
}
