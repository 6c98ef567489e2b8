package dev.rmb.router.federation;

import java.util.List;

/** The other relays that a router has to do with. Thread-safe. */
public interface Federation {
    /** By rank, the best first, and then by name. */
    List<RelayState> relays();

    /**
     * Forgets a relay's failures, and tries what waits for it at once.
     *
     * @param domain as {@link RelayState#domain} has it
     * @return whether this router knows such a relay
     */
    boolean reset(String domain);
}
