package dev.rmb.gateway.offers;

import dev.rmb.cluster.link.Offer;
import java.util.List;

/** The way to the owners of partitions. Thread-safe. */
@FunctionalInterface
public interface OfferRoute {
    /**
     * Sends offers to the owner of a partition; never blocks.
     *
     * @param writer whose records they become
     * @return whether they are on their way: not if the owner is not known or not reached, or too
     *     much waits for it
     */
    boolean offer(int partition, long writer, List<Offer> offers);
}
