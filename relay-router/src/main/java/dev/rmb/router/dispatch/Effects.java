package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.router.mailbox.Refusal;
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
     * Tells a requester that its message is not delivered; {@link Dispatcher#answered} tells what
     * came of it, later.
     *
     * @param offset of the refused message
     */
    void refuse(long offset, Refusal refusal);
}
