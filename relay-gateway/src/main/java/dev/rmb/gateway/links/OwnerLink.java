package dev.rmb.gateway.links;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkListener;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.session.SessionLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a link to an owner, and the link that came of it: one incarnation. Hears the
 * transport's threads and passes on: messages to the loops, the link's fate to {@link Events}.
 */
final class OwnerLink implements LinkListener<GatewayMessage, RouterMessage> {
    private static final Logger log = LoggerFactory.getLogger(OwnerLink.class);

    /** Hears of a link's fate, on a thread of the transport: never blocks. */
    interface Events {
        void opened(OwnerLink link);

        void closed(OwnerLink link);
    }

    private final String endpoint;
    private final PartitionPresence[] partitions;
    private final List<SessionLoop> loops;
    private final LinkMetrics metrics;
    private final UsageReports usage;
    private final Offering offering;
    private final Questions questions;
    private final Events events;

    // Set before `opened` is told; all that use them hear of the link by that.
    private volatile @Nullable Link<GatewayMessage> link;
    private volatile LoopInbox[] inboxes = {};

    OwnerLink(
            String endpoint,
            PartitionPresence[] partitions,
            List<SessionLoop> loops,
            LinkMetrics metrics,
            UsageReports usage,
            Questions questions,
            Offering offering,
            Events events) {
        this.endpoint = endpoint;
        this.partitions = partitions;
        this.loops = loops;
        this.metrics = metrics;
        this.usage = usage;
        this.offering = offering;
        this.questions = questions;
        this.events = events;
    }

    String endpoint() {
        return endpoint;
    }

    /** {@code null} before it is open. */
    @Nullable Link<GatewayMessage> link() {
        return link;
    }

    LoopInbox inbox(SessionLoop loop) {
        return inboxes[loop.index()];
    }

    void refused(LinkScope scope, Session session) {
        Link<GatewayMessage> refused = link;
        if (refused != null) {
            log.warn(
                    "Deliveries of partition {} to session {} do not add up, starting the link to {} again",
                    scope.partition(),
                    session.id(),
                    endpoint);
            refused.close();
        }
    }

    @Override
    public void opened(Link<GatewayMessage> opened) {
        LoopInbox[] made = new LoopInbox[loops.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = new LoopInbox(partitions, this, opened, loops.get(i), metrics);
        }
        inboxes = made;
        link = opened;
        events.opened(this);
    }

    @Override
    public void received(Link<GatewayMessage> from, RouterMessage message) {
        if (message instanceof RouterMessage.UsedElsewhere used) {
            usage.heard(used);
            return;
        }
        if (message instanceof RouterMessage.OffersSeen seen) {
            offering.seen(seen.partition(), seen.taken(), seen.left());
            return;
        }
        if (message instanceof RouterMessage.Answered answered) {
            questions.heard(this, answered);
            return;
        }
        LoopInbox[] to = inboxes;
        if (!to[SessionLoop.indexOf(message.sessionId(), to.length)].put(message)) {
            metrics.overrun.inc();
            from.close();
        }
    }

    @Override
    public void writable(Link<GatewayMessage> writable) {
        for (LoopInbox inbox : inboxes) {
            inbox.wake();
        }
    }

    @Override
    public void closed(@Nullable Link<GatewayMessage> closed, @Nullable Throwable cause) {
        if (cause != null) {
            log.debug("The link to {} ended: {}", endpoint, cause.toString());
        }
        questions.lost(this);
        events.closed(this);
    }
}
