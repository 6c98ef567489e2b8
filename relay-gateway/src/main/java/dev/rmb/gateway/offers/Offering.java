package dev.rmb.gateway.offers;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.Offer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway offers beside the log, and whether it does. Two switches: the load turns offers
 * off and on for the whole gateway, and what owners make of them lets the records of each partition
 * linger or not. Thread-safe.
 */
public final class Offering {
    private static final Logger log = LoggerFactory.getLogger(Offering.class);

    private final OfferSettings settings;
    private final LongSupplier clock;
    private final LoadSwitch load;
    private final AtomicReferenceArray<Partition> partitions;
    private final Counter offered;
    private final Counter dropped;
    private final Counter switches;
    private final Counter lingerSwitches;
    private volatile OfferRoute route = (_, _, _) -> false;
    private volatile IntConsumer waits = _ -> {};

    /** A copy of the switch, read for each envelope. */
    private volatile boolean loadAllows = true;

    /** Guarded by itself, but for what is read for each envelope. */
    private static final class Partition {
        private final Worth worth = new Worth();
        private volatile boolean lingers;
        private volatile boolean mayOffer = true;
    }

    public Offering(OfferSettings settings, int partitionCount, MetricRegistry registry) {
        this(
                settings,
                partitionCount,
                registry,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /**
     * @param nowMs a clock that never goes back
     */
    public Offering(
            OfferSettings settings,
            int partitionCount,
            MetricRegistry registry,
            LongSupplier nowMs) {
        this.settings = settings;
        this.clock = nowMs;
        this.load = new LoadSwitch(settings.perTurn(), nowMs());
        this.partitions = new AtomicReferenceArray<>(partitionCount);
        for (int i = 0; i < partitionCount; i++) {
            partitions.set(i, new Partition());
        }
        offered = registry.counter("rmb_gateway_offers_total");
        dropped = registry.counter("rmb_gateway_offers_dropped_total");
        switches = registry.counter("rmb_gateway_offer_switches_total");
        lingerSwitches = registry.counter("rmb_gateway_linger_switches_total");
        registry.gauge("rmb_gateway_offers_on", () -> () -> isEnabled() && loadAllows ? 1 : 0);
        registry.gauge("rmb_gateway_lingering_partitions", () -> this::lingering);
    }

    public boolean isEnabled() {
        return settings.enabled();
    }

    public OfferSettings settings() {
        return settings;
    }

    /** By which offers go out, from now on. */
    public void connect(OfferRoute to) {
        route = to;
    }

    /** Who hears that records of a partition should go to the log now: an owner waits for them. */
    public void whenAwaited(IntConsumer partition) {
        waits = partition;
    }

    /** Whether the next envelope of this partition is worth being offered. */
    public boolean mayOffer(int partition) {
        if (!loadAllows) {
            return false;
        }
        Partition of = partitions.get(partition);
        if (of.mayOffer) {
            return true;
        }
        synchronized (of) {
            of.mayOffer = of.worth.mayOffer(nowMs());
            return of.mayOffer;
        }
    }

    /** Whether records of this partition may wait, because their envelopes are delivered anyway. */
    public boolean lingers(int partition) {
        return loadAllows && partitions.get(partition).lingers;
    }

    /**
     * Sends offers to the owner of their partition.
     *
     * @return whether they are on their way
     */
    public boolean send(int partition, long writer, List<Offer> offers) {
        boolean isSent = route.offer(partition, writer, offers);
        (isSent ? offered : dropped).inc(offers.size());
        if (isSent) {
            refresh(partition);
        } else {
            seen(partition, 0, offers.size());
        }
        return isSent;
    }

    /** The owner of a partition says what became of offers. */
    public void seen(int partition, int taken, int left) {
        if (partition < 0 || partition >= partitions.length()) {
            return;
        }
        Partition of = partitions.get(partition);
        synchronized (of) {
            long nowMs = nowMs();
            of.worth.seen(taken, left, nowMs);
            update(of, nowMs);
        }
        if (left > 0) {
            waits.accept(partition);
        }
    }

    /** A turn of an event loop brought so many envelopes. */
    public void turnEnded(int envelopes) {
        boolean changed;
        boolean on;
        synchronized (load) {
            changed = load.turn(envelopes, nowMs());
            on = load.isOn();
        }
        if (changed) {
            loadAllows = on;
            switches.inc();
            log.debug("Offers are {}", on ? "on" : "off: the load is high");
        }
    }

    /** Whoever was silent too long is not waited for. */
    private void refresh(int partition) {
        Partition of = partitions.get(partition);
        if (of.lingers) {
            synchronized (of) {
                update(of, nowMs());
            }
        }
    }

    private void update(Partition of, long nowMs) {
        boolean lingers = settings.linger().toMillis() > 0 && of.worth.lingers(nowMs);
        if (lingers != of.lingers) {
            of.lingers = lingers;
            lingerSwitches.inc();
        }
        of.mayOffer = of.worth.mayOffer(nowMs);
    }

    private int lingering() {
        int count = 0;
        for (int i = 0; i < partitions.length(); i++) {
            count += lingers(i) ? 1 : 0;
        }
        return count;
    }

    private long nowMs() {
        return clock.getAsLong();
    }
}
