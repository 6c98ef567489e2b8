package dev.rmb.cluster.link;

import java.util.List;

/** What the owner of a partition tells a gateway, under its claim's epoch. */
public sealed interface RouterMessage {
    int partition();

    long epoch();

    /** 0 where no session is concerned. */
    long sessionId();

    /**
     * An envelope for a session.
     *
     * @param number 1, 2, 3 … for each session within one link and one claim
     * @param offset where the envelope stands in the log
     * @param envelope must not be changed by anybody
     */
    // Deliveries are never compared, and a copy of each envelope is what this avoids.
    @SuppressWarnings("ArrayRecordComponent")
    record Deliver(
            int partition, long epoch, long sessionId, long number, long offset, byte[] envelope)
            implements RouterMessage {}

    /** A newer session has the address; this one must be closed. */
    record Evict(int partition, long epoch, long sessionId) implements RouterMessage {}

    /**
     * What twins have sent through all other gateways in a minute, from its beginning.
     *
     * @param minute since the epoch
     */
    record UsedElsewhere(int partition, long epoch, long minute, List<TwinUsage> twins)
            implements RouterMessage {
        public UsedElsewhere {
            twins = List.copyOf(twins);
        }

        @Override
        public long sessionId() {
            return 0;
        }
    }

    /** What the owner knows of the address that the gateway asked about. */
    record Answered(int partition, long epoch, long question, Whereabouts whereabouts)
            implements RouterMessage {
        @Override
        public long sessionId() {
            return 0;
        }
    }
}
