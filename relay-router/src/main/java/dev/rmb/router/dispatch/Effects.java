package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a dispatcher does to the world, apart from its mailboxes. None of these may block long. */
public interface Effects {
    /**
     * Hands a message to a link.
     *
     * @param number 1, 2, 3 … for each session within one link and one claim
     * @param offset {@link dev.rmb.cluster.link.RouterMessage.Deliver#NOT_LOGGED} if it is known by
     *     an offer only
     * @param envelope must not be changed by anybody
     * @param origin which record it is; {@code null} if that does not say
     */
    void deliver(
            long link,
            long epoch,
            long sessionId,
            long number,
            long offset,
            byte[] envelope,
            @Nullable Origin origin);

    /** Tells a gateway what became of its offers. */
    void offersSeen(long link, long epoch, int taken, int left);

    /**
     * A message is done with. For operators who ask what became of it; nothing else depends on it.
     *
     * @param subject the session that confirmed it, or the number of the {@link Reason}
     */
    void ended(long offset, Fate fate, long subject);

    /**
     * That message never waited in a mailbox; for measuring alone.
     *
     * @param appendTimeMs when the log got it, by the broker's clock
     */
    default void routed(long appendTimeMs) {}

    /**
     * Likewise, of one that its receiver confirmed.
     *
     * @param header of its record
     */
    default void confirmed(byte[] header) {}

    /** Has the gateway close a session whose address a newer one took. */
    void evict(long link, long epoch, long sessionId);

    /** Whether little enough waits to be sent on the link. */
    boolean isWritable(long link);

    /** Ends a link; its gateway opens another and says everything anew. */
    void closeLink(long link);

    /**
     * Asks the directory; {@link Dispatcher#lookedUp} or {@link Dispatcher#lookUpFailed} answers,
     * later.
     */
    void lookUp(long twin);

    /**
     * The same, of a directory that remembers nothing; {@link Dispatcher#lookedUpAnew} or {@link
     * Dispatcher#lookUpAnewFailed} answers.
     */
    void lookUpAnew(long twin);

    /** Whether one of these relays may be given more now. */
    boolean mayPost(List<String> relays);

    /**
     * Sends messages to one of these relays, in order, each when the one before was accepted, until
     * one is not. {@link Dispatcher#posted} tells of each that was tried, later; the first that was
     * not accepted is the last one.
     *
     * @param ticket names this to the answers
     */
    void post(long ticket, Address to, List<String> relays, List<Outgoing> messages);

    /**
     * How long to leave relays alone that did not answer.
     *
     * @param failures so often in a row, at least 1
     */
    long pauseMs(int failures);

    /** So many more addresses have mail for these relays. */
    void waiting(List<String> relays, int more);

    /**
     * Tells a requester that its message is not delivered; {@link Dispatcher#answered} tells what
     * came of it, later.
     *
     * @param offset of the refused message
     */
    void refuse(long offset, Refusal refusal);
}
