package dev.rmb.gateway;

import dev.rmb.cluster.ownership.OwnershipListener;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.twins.TwinDirectory;

/** What a gateway shares with the other pods: Kafka, but for tests. */
interface Backbone {
    /** Of the envelope topic. */
    int partitions();

    /**
     * Returns when envelopes can be sent.
     *
     * @param offering what goes beside the log
     */
    EnvelopeLog openLog(Offering offering);

    /**
     * Returns when the listener knows the present owners, and keeps telling it of changes.
     *
     * @return stops telling
     */
    AutoCloseable followOwners(OwnershipListener listener);

    /**
     * Whether these are the relay's own twins, of its registry or its file: only those are
     * anybody's to look up on the public port (contracts.md, "Public port").
     */
    boolean hasTwinsOf(TwinDirectory directory);
}
