package dev.rmb.cluster.link;

import dev.rmb.cluster.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param offset where the envelope stands in the log; {@link #NOT_LOGGED} if the owner knows it
     *     only by an offer
     * @param envelope must not be changed by anybody
     * @param origin which record it is; {@code null} if the record does not say
     */
    // Deliveries are never compared, and a copy of each envelope is what this avoids.
    @SuppressWarnings("ArrayRecordComponent")
    record Deliver(
            int partition,
            long epoch,
            long sessionId,
            long number,
            long offset,
            byte[] envelope,
            @Nullable Origin origin)
            implements RouterMessage {
        /** The offset of what is not in the log yet. */
        public static final long NOT_LOGGED = -1;

        /** A delivery of a record that does not say which one it is. */
        public Deliver(
                int partition,
                long epoch,
                long sessionId,
                long number,
                long offset,
                byte[] envelope) {
            this(partition, epoch, sessionId, number, offset, envelope, null);
        }
    }

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

    /**
     * What became of offers since this was last told.
     *
     * @param taken delivered beside the log
     * @param left to the log: what their gateway still holds back of them should go there soon
     */
    record OffersSeen(int partition, long epoch, int taken, int left) implements RouterMessage {
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
