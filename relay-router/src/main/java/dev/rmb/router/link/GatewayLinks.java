package dev.rmb.router.link;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkListener;
import dev.rmb.cluster.link.RouterMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links from all gateways to this router, each under an id of its own, and the partitions that
 * are owned here. Thread-safe.
 *
 * <p>What is said about a partition that is not owned here is dropped: its gateway says it again
 * under the next claim.
 */
public final class GatewayLinks implements LinkListener<RouterMessage, GatewayMessage> {
    private static final Logger log = LoggerFactory.getLogger(GatewayLinks.class);

    private final Map<Integer, LinkEvents> partitions = new ConcurrentHashMap<>();
    private final Map<Link<RouterMessage>, Open> byLink = new ConcurrentHashMap<>();
    private final Map<Long, Open> byId = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    /** A link, and whether something said on it was lost, so that the rest counts no more. */
    private static final class Open {
        final long id;
        final Link<RouterMessage> link;
        volatile boolean broken;

        Open(long id, Link<RouterMessage> link) {
            this.id = id;
            this.link = link;
        }
    }

    /** From now on {@code events} hears what is said about the partition. */
    public void own(int partition, LinkEvents events) {
        partitions.put(partition, events);
    }

    /** Does nothing if somebody else owns the partition by now. */
    public void disown(int partition, LinkEvents events) {
        partitions.remove(partition, events);
    }

    /** Does nothing on a link that is not open. */
    public void send(long id, RouterMessage message) {
        Open open = byId.get(id);
        if (open != null) {
            open.link.send(message);
        }
    }

    /** {@code true} also for a link that is gone: what is sent there is not kept by anybody. */
    public boolean isWritable(long id) {
        Open open = byId.get(id);
        return open == null || open.link.isWritable();
    }

    public void close(long id) {
        Open open = byId.get(id);
        if (open != null) {
            open.link.close();
        }
    }

    /** How many gateways are linked. */
    public int count() {
        return byId.size();
    }

    @Override
    public void opened(Link<RouterMessage> link) {
        Open open = new Open(lastId.incrementAndGet(), link);
        byLink.put(link, open);
        byId.put(open.id, open);
        log.info("Gateway {} is linked", link.peer());
    }

    @Override
    public void received(Link<RouterMessage> link, GatewayMessage message) {
        Open open = byLink.get(link);
        LinkEvents owner = partitions.get(message.partition());
        if (open == null || owner == null || open.broken) {
            return;
        }
        if (!owner.offer(new LinkEvent.Said(open.id, link.peer(), message))) {
            open.broken = true;
            log.warn(
                    "Partition {} cannot keep up with what gateway {} says; its link starts anew",
                    message.partition(),
                    link.peer());
            link.close();
        }
    }

    /** Nothing to do: owners look at {@link #isWritable} every few milliseconds. */
    @Override
    public void writable(Link<RouterMessage> link) {}

    @Override
    public void closed(@Nullable Link<RouterMessage> link, @Nullable Throwable cause) {
        Open open = link == null ? null : byLink.remove(link);
        if (open == null) {
            return;
        }
        byId.remove(open.id);
        if (cause == null) {
            log.info("Gateway {} is not linked any more", open.link.peer());
        } else {
            log.warn("The link of gateway {} broke: {}", open.link.peer(), cause.toString());
        }
        for (LinkEvents owner : partitions.values()) {
            owner.offer(new LinkEvent.Ended(open.id));
        }
    }
}
