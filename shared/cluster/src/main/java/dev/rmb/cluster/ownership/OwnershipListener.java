package dev.rmb.cluster.ownership;

/** Hears of changes in ownership, on the follower's thread, in the order of the topic. */
public interface OwnershipListener {
    /** A new highest claim for its partition. */
    void claimed(Claim claim);

    /**
     * The claim ended as planned; nobody owns the partition until the next claim. Not called when a
     * newer claim exists.
     */
    void released(Claim claim);

    /**
     * The topic was made anew, and epochs start over: no claim that was heard of counts any more,
     * and those that are heard of next are the first (delivery.md, 5).
     */
    void restarted();
}
