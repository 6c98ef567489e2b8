package dev.rmb.router.dispatch;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a dispatcher did since it began; only ever grows. Plain numbers, for the dispatcher's own
 * thread.
 */
public final class Counts {
    long records;
    long messages;
    long repeated;
    long unreadable;
    long parked;
    long delivered;
    long acknowledged;
    long stored;
    long storedBytes;
    long drained;
    long deleted;
    private final Map<Reason, Long> refused = new EnumMap<>(Reason.class);
    long partitionFull;
    long dropped;
    long evicted;
    long lookUps;
    long linksOverrun;
    long offersTaken;
    long offersLeft;
    long offersConfirmedFirst;
    long offerGaps;
    long federated;
    long federationFailures;

    Counts() {}

    /** Records taken from the log, those of the takeover included. */
    public long records() {
        return records;
    }

    /** Messages that took their place in the queue of their address, or were refused one. */
    public long messages() {
        return messages;
    }

    /** Records that were known already, and ignored. */
    public long repeated() {
        return repeated;
    }

    /** Records that are no messages. */
    public long unreadable() {
        return unreadable;
    }

    /** Records of a version that is not known here. */
    public long parked() {
        return parked;
    }

    /** Deliveries handed to links, repeated ones included. */
    public long delivered() {
        return delivered;
    }

    /** Messages confirmed by their receivers. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Messages put into a mailbox. */
    public long stored() {
        return stored;
    }

    /** Bytes of the same. */
    public long storedBytes() {
        return storedBytes;
    }

    /** Deliveries that came out of a mailbox. */
    public long drained() {
        return drained;
    }

    /** Messages deleted from a mailbox. */
    public long deleted() {
        return deleted;
    }

    /** Messages refused, whether or not there was a requester to tell. */
    public long refused(Reason reason) {
        return refused.getOrDefault(reason, 0L);
    }

    void refuse(Reason reason) {
        refused.merge(reason, 1L, Long::sum);
    }

    /** Messages refused because of what the whole partition holds. */
    public long partitionFull() {
        return partitionFull;
    }

    /** Messages without any time to live that met an offline address. */
    public long dropped() {
        return dropped;
    }

    public long evicted() {
        return evicted;
    }

    public long lookUps() {
        return lookUps;
    }

    /** Offers delivered beside the log. */
    public long offersTaken() {
        return offersTaken;
    }

    /** Offers that were not, or not at once, and waited for the log. */
    public long offersLeft() {
        return offersLeft;
    }

    /** Offers that their receivers had confirmed before the log's record of them was read. */
    public long offersConfirmedFirst() {
        return offersConfirmedFirst;
    }

    /** Offers whose session ended before their records were read: these bring them again. */
    public long offerGaps() {
        return offerGaps;
    }

    /** Messages that another relay has accepted. */
    public long federated() {
        return federated;
    }

    /** How often no relay of a twin took a message, all of them tried several times. */
    public long federationFailures() {
        return federationFailures;
    }

    /** Links closed because they said too much before the claim was known. */
    public long linksOverrun() {
        return linksOverrun;
    }
}
