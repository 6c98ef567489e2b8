package dev.rmb.gateway.links;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.gateway.loop.Inbox;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.session.SessionLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came over one link for the sessions of one event loop, and the acknowledgements that go the
 * other way. All but {@link #put} and {@link #wake} is for the loop.
 */
final class LoopInbox implements Inbox.Taker<RouterMessage> {
    /**
     * The windows of all sessions together may be more, but then the loop has long been the one to
     * wait for: the link is ended, and its owner starts again.
     */
    private static final int CAPACITY = 1 << 17;

    private final PartitionPresence[] partitions;
    private final OwnerLink owner;
    private final Link<GatewayMessage> link;
    private final SessionLoop loop;
    private final LinkMetrics metrics;
    private final Inbox<RouterMessage> inbox;

    /** Acknowledgements that the link had no room for; each says all that its session confirmed. */
    private final Map<Session, LinkScope> unacknowledged = new LinkedHashMap<>();

    LoopInbox(
            PartitionPresence[] partitions,
            OwnerLink owner,
            Link<GatewayMessage> link,
            SessionLoop loop,
            LinkMetrics metrics) {
        this.partitions = partitions;
        this.owner = owner;
        this.link = link;
        this.loop = loop;
        this.metrics = metrics;
        this.inbox = new Inbox<>(CAPACITY, loop.executor(), this);
    }

    boolean put(RouterMessage message) {
        return inbox.put(message);
    }

    void wake() {
        inbox.wake();
    }

    @Override
    public void take(RouterMessage message) {
        int partition = message.partition();
        LinkScope scope =
                partition >= 0 && partition < partitions.length
                        ? partitions[partition].scope()
                        : null;
        if (scope == null || scope.owner() != owner || scope.epoch() != message.epoch()) {
            metrics.ignored.inc();
            return;
        }
        Session session = loop.session(message.sessionId());
        if (session == null) {
            metrics.unknownSession.inc();
            scope.send(new GatewayMessage.Closed(partition, message.epoch(), message.sessionId()));
            return;
        }
        switch (message) {
            case RouterMessage.Deliver deliver ->
                    session.deliver(
                            scope,
                            deliver.number(),
                            deliver.offset(),
                            deliver.envelope(),
                            deliver.origin());
            case RouterMessage.Evict _ -> session.evict();
            case RouterMessage.UsedElsewhere _,
                    RouterMessage.Answered _,
                    RouterMessage.OffersSeen _ ->
                    throw new IllegalStateException("it is about no session");
        }
    }

    @Override
    public void turnEnded() {
        loop.endTurn();
        Iterator<Map.Entry<Session, LinkScope>> waiting = unacknowledged.entrySet().iterator();
        while (waiting.hasNext() && link.isWritable()) {
            Map.Entry<Session, LinkScope> next = waiting.next();
            waiting.remove();
            acknowledgeNow(next.getValue(), next.getKey());
        }
    }

    void acknowledge(LinkScope scope, Session session) {
        if (link.isWritable()) {
            acknowledgeNow(scope, session);
        } else {
            unacknowledged.put(session, scope);
        }
    }

    private void acknowledgeNow(LinkScope scope, Session session) {
        metrics.acknowledged.inc();
        scope.acknowledgeNow(session);
    }
}
