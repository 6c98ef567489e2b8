package dev.rmb.cluster.link;

import dev.rmb.protocol.Address;
import java.util.List;

/**
 * What a gateway tells the owner of a partition. Each message names the claim (its epoch) that the
 * gateway obeyed when it wrote it; an owner ignores those that name another.
 */
public sealed interface GatewayMessage {
    int partition();

    long epoch();

    /**
     * All sessions of a partition, or the next part of them. The owner may deliver to this gateway
     * only after the last part.
     */
    record Snapshot(int partition, long epoch, List<SessionInfo> sessions, boolean last)
            implements GatewayMessage {
        public Snapshot {
            sessions = List.copyOf(sessions);
        }
    }

    /** A client connected. Beats whatever any snapshot says about its address. */
    record Opened(int partition, long epoch, SessionInfo session) implements GatewayMessage {}

    /** A session is no more. */
    record Closed(int partition, long epoch, long sessionId) implements GatewayMessage {}

    /** The session's client confirmed every delivery up to {@code number}. */
    record Acknowledged(int partition, long epoch, long sessionId, long number)
            implements GatewayMessage {}

    /**
     * What twins have sent through this gateway in a minute, from its beginning. The owner answers
     * with {@link RouterMessage.UsedElsewhere}.
     *
     * @param minute since the epoch
     */
    record Used(int partition, long epoch, long minute, List<TwinUsage> twins)
            implements GatewayMessage {
        public Used {
            twins = List.copyOf(twins);
        }
    }

    /**
     * What the gateway has just handed to its producer for this partition, in that order. A hint,
     * which may be dropped at any time: nothing is lost with it.
     *
     * @param writer the producer
     */
    record Offers(int partition, long epoch, long writer, List<Offer> offers)
            implements GatewayMessage {
        public Offers {
            offers = List.copyOf(offers);
        }
    }

    /**
     * Whether an address is connected, to whichever gateway. The owner answers with {@link
     * RouterMessage.Answered}.
     *
     * @param question by which the answer is known; never used again on this link
     */
    record Asked(int partition, long epoch, long question, Address address)
            implements GatewayMessage {}
}
