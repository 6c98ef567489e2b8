package dev.rmb.gateway.links;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.gateway.session.Scope;
import dev.rmb.gateway.session.Session;

/** One claim over one link. Immutable. */
final class LinkScope implements Scope {
    private final int partition;
    private final long epoch;
    private final OwnerLink owner;
    private final Link<GatewayMessage> link;

    LinkScope(int partition, long epoch, OwnerLink owner, Link<GatewayMessage> link) {
        this.partition = partition;
        this.epoch = epoch;
        this.owner = owner;
        this.link = link;
    }

    long epoch() {
        return epoch;
    }

    OwnerLink owner() {
        return owner;
    }

    boolean isWritable() {
        return link.isWritable();
    }

    void send(GatewayMessage message) {
        link.send(message);
    }

    @Override
    public void acknowledge(Session session) {
        owner.inbox(session.loop()).acknowledge(this, session);
    }

    /** On the session's loop, when the link takes messages. */
    void acknowledgeNow(Session session) {
        long number = session.confirmedNumber();
        if (number > 0 && session.isIn(this)) {
            link.send(new GatewayMessage.Acknowledged(partition, epoch, session.id(), number));
        }
    }

    @Override
    public void refuse(Session session) {
        owner.refused(this, session);
    }

    int partition() {
        return partition;
    }
}
