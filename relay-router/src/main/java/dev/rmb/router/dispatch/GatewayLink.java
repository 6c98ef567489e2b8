package dev.rmb.router.dispatch;

import java.util.ArrayDeque;

/** A link to a gateway, under the present claim. */
final class GatewayLink {
    final long id;
    final String gateway;

    /** Queues that have something to send, and found the link's buffer full. */
    final ArrayDeque<AddressQueue> stalled = new ArrayDeque<>();

    /** Its snapshot has arrived: deliveries may go out. */
    boolean complete;

    GatewayLink(long id, String gateway) {
        this.id = id;
        this.gateway = gateway;
    }
}
