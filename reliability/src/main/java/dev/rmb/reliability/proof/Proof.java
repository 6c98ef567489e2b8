package dev.rmb.reliability.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is known about the messages of a run, and what follows from it. Belongs to one
 * thread. It needs some nine bytes a message.
 *
 * <p>The messages of a {@linkplain Pair pair} of sender and address are numbered 0, 1, 2 … A
 * message is <em>confirmed</em> when the answer to a ping came that the sender wrote after it on
 * the same connection (architecture.md, promise 4). What was sent and never confirmed, because the
 * connection ended first, may arrive or not.
 *
 * <p>Counted are:
 *
 * <ul>
 *   <li><em>lost</em>: confirmed, never arrived at any session of the address, and the sender was
 *       not told so;
 *   <li><em>reordered</em>, within what one sender session sent to the address: a first arrival
 *       after the first arrival of a later message, or any arrival after that of a later message at
 *       the same receiver session. Between a sender's sessions only what was confirmed has a place
 *       (rule 16 of delivery.md): it must come before everything of later sessions;
 *   <li><em>repeated in a session</em>: never allowed;
 *   <li><em>repeated</em> in a later session: allowed if the earlier one had not confirmed it, by a
 *       pong to a ping that came after it; or had done so when the confirmation could be lost on
 *       its way: just before that session ended, or while something was {@linkplain Disturbances
 *       disturbed}. Otherwise it is <em>without excuse</em>.
 * </ul>
 */
public final class Proof {
    final Disturbances disturbances = new Disturbances();
    private final List<Pair> pairs = new ArrayList<>();

    long sent;
    long confirmed;
    long received;
    long answered;
    long missing;
    long reordered;
    long repeatedInSession;
    long repeated;
    long repeatedWithoutExcuse;
    private long foreign;
    private boolean mayOvertake;
    private long overtaken;

    /**
     * Something happens to a process or link, by which confirmations may be lost or forgotten.
     *
     * @param from when it began, in milliseconds of the run
     * @param to when everything had found its place again, by the longest time-out involved
     */
    public void disturbed(long from, long to) {
        disturbances.add(from, to);
    }

    /**
     * What a sender sends after it has connected anew may overtake from now on what it had
     * confirmed before: its sessions are at different relays.
     */
    public void mayOvertake() {
        mayOvertake = true;
    }

    /** How often that happened. */
    public long overtaken() {
        return overtaken;
    }

    void outOfOrder(boolean withinSession) {
        if (withinSession || !mayOvertake) {
            reordered++;
        } else {
            overtaken++;
        }
    }

    /** Makes a pair, whose index is how many there were. */
    public Pair add() {
        Pair pair = new Pair(this, pairs.size());
        pairs.add(pair);
        return pair;
    }

    /** The pairs by their index. */
    public List<Pair> pairs() {
        return pairs;
    }

    /** Something arrived that was not sent. */
    public void foreign() {
        foreign++;
    }

    /** Confirmed messages that did not arrive yet; in the end they are lost. */
    public long missing() {
        return missing;
    }

    /** What is known now. */
    public Findings findings() {
        return new Findings(
                sent,
                confirmed,
                received,
                answered,
                missing,
                reordered,
                repeatedInSession,
                repeated,
                repeatedWithoutExcuse,
                disturbances.forgottenMs(),
                foreign);
    }
}
