package dev.rmb.gateway.session;

import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.protocol.Address;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where the owners of partitions hear of sessions. Thread-safe, never blocks for long. */
public interface Presence {
    /**
     * A client connected. At most one session of an address is present, the one opened last.
     *
     * @return the one that was present before; the caller ends it
     */
    @Nullable Session opened(Session session);

    /** Whether the address has a session here. */
    boolean isPresent(Address address);

    /**
     * Whether the address has a session here or on another gateway. Never fails; the answer comes
     * on any thread, within the time for that.
     */
    CompletionStage<Whereabouts> whereabouts(Address address);

    /** The session ended. A newer one of its address stays present. */
    void closed(Session session);
}
