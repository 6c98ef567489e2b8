package dev.rmb.router.link;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkListener;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.Whereabouts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All links of a router, and the partitions that it has open. Thread-safe. */
public final class Links implements LinkListener<RouterMessage, GatewayMessage> {
    private static final Logger log = LoggerFactory.getLogger(Links.class);

    private final AtomicLong ids = new AtomicLong();
    private final Map<Link<RouterMessage>, OpenLink> links = new ConcurrentHashMap<>();
    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();
    private final Usages usages = new Usages();
    private final Counter open;
    private final Counter overruns;
    private final Counter notOwned;
    private final Counter offersDropped;

    private record Partition(Inbox inbox, Inbox.Reader reader) {}

    public Links(MetricRegistry metrics) {
        open = metrics.counter("rmb_router_links");
        overruns = metrics.counter("rmb_router_inbox_overruns_total");
        offersDropped = metrics.counter("rmb_router_offers_dropped_total");
        notOwned = metrics.counter("rmb_router_messages_not_owned_total");
    }

    /**
     * Begins to route what concerns {@code partition}, and ends what an earlier opening got.
     *
     * @param reader hears of ends of links that found no room in the inbox; on the stream thread
     */
    public Inbox open(int partition, Inbox.Reader reader) {
        Inbox inbox = new Inbox();
        partitions.put(partition, new Partition(inbox, reader));
        return inbox;
    }

    /** Drops from now on what concerns the partition, unless it was opened again. */
    public void close(int partition, Inbox inbox) {
        partitions.computeIfPresent(partition, (_, p) -> p.inbox() == inbox ? null : p);
    }

    @Override
    public void opened(Link<RouterMessage> link) {
        links.put(link, new OpenLink(ids.incrementAndGet(), link));
        open.inc();
        log.info("Gateway {} has opened a link", link.peer());
    }

    @Override
    public void received(Link<RouterMessage> link, GatewayMessage message) {
        OpenLink from = links.get(link);
        Partition to = partitions.get(message.partition());
        if (from == null || from.isOverrun()) {
            return;
        }
        if (to == null) {
            // Whoever owns it now gets a snapshot, under its own claim.
            notOwned.inc();
            if (message instanceof GatewayMessage.Asked asked) {
                // Nobody else will answer, and somebody waits.
                link.send(
                        new RouterMessage.Answered(
                                asked.partition(),
                                asked.epoch(),
                                asked.question(),
                                Whereabouts.UNKNOWN));
            }
        } else if (message instanceof GatewayMessage.Used used) {
            // No matter for the stream thread: it changes nothing of the partition's state.
            link.send(usages.report(link.peerIncarnation(), used));
        } else if (message instanceof GatewayMessage.Offers offers) {
            if (!to.inbox().offerBeside(from, offers)) {
                offersDropped.inc(offers.offers().size());
            }
        } else if (!to.inbox().offer(from, message)) {
            overruns.inc();
            from.overrun();
            log.warn(
                    "Partition {} cannot take more from gateway {}: the link is opened anew",
                    message.partition(),
                    link.peer());
            from.close();
        }
    }

    /** Partitions look for themselves, once they are awake. */
    @Override
    public void writable(Link<RouterMessage> link) {
        for (Partition partition : partitions.values()) {
            partition.inbox().look();
        }
    }

    @Override
    public void closed(@Nullable Link<RouterMessage> link, @Nullable Throwable cause) {
        OpenLink closed = link == null ? null : links.remove(link);
        if (closed == null) {
            return;
        }
        open.dec();
        log.info(
                "The link of gateway {} ended{}",
                closed.gateway(),
                cause == null ? "" : ": " + cause);
        for (Partition partition : partitions.values()) {
            partition.inbox().closed(closed, partition.reader());
        }
    }
}
