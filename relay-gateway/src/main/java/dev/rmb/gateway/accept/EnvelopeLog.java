package dev.rmb.gateway.accept;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.gateway.offers.Sender;

/**
 * The log that all envelopes go through, as the gateway sees it. Thread-safe.
 *
 * <p>What one thread hands over for one destination stands in the log in that order.
 */
public interface EnvelopeLog extends AutoCloseable {
    /**
     * Hands an envelope over; never blocks and never throws. The caller bounds what is under way.
     *
     * @param kind where it came from
     * @param destination twin, 1 to 2^32 - 1
     * @param envelope as received; must not be changed from now on
     * @param ingressMs when it came, milliseconds since the epoch
     */
    void send(
            RecordHeader.Kind kind,
            long destination,
            byte[] envelope,
            long ingressMs,
            Receipt receipt);

    /**
     * Likewise, for a client session: its envelope may also be offered to the owner of its
     * partition beside the log. On the session's event loop.
     */
    default void send(
            long destination, byte[] envelope, long ingressMs, Sender sender, Receipt receipt) {
        send(RecordHeader.Kind.PEER, destination, envelope, ingressMs, receipt);
    }

    /** Waits, bounded, for what is under way; what has not ended then ends as unconfirmed. */
    @Override
    void close();
}
