package dev.rmb.router.dispatch;

/** A connected client, under the present claim and on one link. Forgotten when either ends. */
final class Session {
    final long id;
    final GatewayLink link;
    final AddressQueue queue;
    final long connectedAtMs;

    /** Its connecting was heard of as it happened, not from a snapshot. */
    final boolean live;

    /** Sent and not acknowledged, in order. */
    final MessageList inFlight = new MessageList();

    long lastNumber;

    /** Of the first message that came while it was connected. */
    long firstOffset = Long.MAX_VALUE;

    /** Offers were delivered to it. */
    boolean hasOffers;

    /** What waits up to here was sent to it before its link was lost, and is sent again. */
    long resumesTo = -1;

    Session(long id, GatewayLink link, AddressQueue queue, long connectedAtMs, boolean live) {
        this.id = id;
        this.link = link;
        this.queue = queue;
        this.connectedAtMs = connectedAtMs;
        this.live = live;
    }
}
