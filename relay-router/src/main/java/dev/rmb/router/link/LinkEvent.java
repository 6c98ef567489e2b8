package dev.rmb.router.link;

import dev.rmb.cluster.link.GatewayMessage;

/** What a partition's owner hears of its gateways. */
public sealed interface LinkEvent {
    /**
     * A gateway said something.
     *
     * @param link the id of the link it came over
     * @param gateway the pod's name
     */
    record Said(long link, String gateway, GatewayMessage message) implements LinkEvent {}

    /** A link ended; its id is not used again. */
    record Ended(long link) implements LinkEvent {}
}
