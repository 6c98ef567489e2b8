package dev.rmb.gateway.links;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.link.Offer;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.cluster.ownership.OwnershipListener;
import dev.rmb.gateway.offers.OfferRoute;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.session.Ending;
import dev.rmb.gateway.session.Presence;
import dev.rmb.gateway.session.Session;
import dev.rmb.gateway.session.SessionLoop;
import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link to every router that holds a claim, and presence at the owners of all partitions. Owns a
 * thread, on which claims and links are looked after; sessions come and go without it.
 */
public final class Links
        implements OwnershipListener, Presence, OfferRoute, OwnerLink.Events, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Links.class);

    /** A link that broke sooner than this is opened again more slowly each time. */
    private static final long STABLE_MS = 5_000;

    private static final int CUT_OFF_CHECKS = 4;
    private static final long CLOSE_MS = 2_000;

    private final PartitionPresence[] partitions;
    private final LinkConnector connector;
    private final LinkSettings settings;
    private final List<SessionLoop> loops;
    private final LinkMetrics metrics;
    private final UsageReports usage;
    private final Offering offering;
    private final Questions questions;
    private final ScheduledExecutorService thread;
    private final Map<String, Owner> owners = new HashMap<>();
    private final SplittableRandom random = new SplittableRandom();

    /** For how many checks in a row each partition had no owner that is obeyed. */
    private final int[] unservedChecks;

    private volatile List<Integer> unserved = List.of();

    /**
     * @param name of the gateway, for the thread's
     * @param partitionCount of the envelope topic
     */
    public Links(
            String name,
            int partitionCount,
            LinkConnector connector,
            LinkSettings settings,
            List<SessionLoop> loops,
            RateLimiter limiter,
            Offering offering,
            MetricRegistry registry) {
        this.partitions = new PartitionPresence[partitionCount];
        for (int i = 0; i < partitionCount; i++) {
            partitions[i] = new PartitionPresence(i);
        }
        this.unservedChecks = new int[partitionCount];
        this.connector = connector;
        this.settings = settings;
        this.loops = loops;
        this.metrics = new LinkMetrics(registry);
        this.usage = new UsageReports(limiter, partitions);
        this.offering = offering;
        this.questions = new Questions(partitions, settings.answerTimeout().toMillis(), metrics);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(name + "-links").daemon().factory());
        long checkMs = Math.max(1, settings.cutOff().toMillis() / CUT_OFF_CHECKS);
        var _ =
                thread.scheduleWithFixedDelay(
                        guarded(this::check), checkMs, checkMs, TimeUnit.MILLISECONDS);
        // Also while there is no limit: there may be one at any time.
        var _ =
                thread.scheduleWithFixedDelay(
                        guarded(usage::send),
                        UsageReports.EVERY_MS,
                        UsageReports.EVERY_MS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable Session opened(Session session) {
        return of(session.address()).opened(session);
    }

    @Override
    public boolean isPresent(Address address) {
        return of(address).isPresent(address);
    }

    @Override
    public CompletionStage<Whereabouts> whereabouts(Address address) {
        return isPresent(address)
                ? CompletableFuture.completedStage(Whereabouts.CONNECTED)
                : questions.ask(partitionOf(address), address);
    }

    @Override
    public void closed(Session session) {
        of(session.address()).closed(session);
    }

    @Override
    public boolean offer(int partition, long writer, List<Offer> offers) {
        LinkScope to = partitions[partition].scope();
        if (to == null || !to.isWritable()) {
            return false;
        }
        to.send(new GatewayMessage.Offers(partition, to.epoch(), writer, offers));
        return true;
    }

    @Override
    public void claimed(Claim claim) {
        run(() -> follow(claim));
    }

    @Override
    public void released(Claim claim) {
        run(() -> abandon(claim));
    }

    @Override
    public void restarted() {
        run(this::forgetClaims);
    }

    @Override
    public void opened(OwnerLink link) {
        run(() -> announce(link));
    }

    @Override
    public void closed(OwnerLink link) {
        run(() -> reconnectLater(link));
    }

    /** Ends every link; the connector is its owner's to close. */
    @Override
    public void close() {
        run(() -> owners.values().forEach(Links::closeLink));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PartitionPresence of(Address address) {
        return partitions[partitionOf(address)];
    }

    private int partitionOf(Address address) {
        return Partitioning.partitionOf(address.twin(), partitions.length);
    }

    private void follow(Claim claim) {
        int partition = claim.partition();
        if (partition < 0 || partition >= partitions.length) {
            log.warn("Partition {} is claimed, which does not exist here", partition);
            return;
        }
        Claim before = partitions[partition].claim();
        if (!partitions[partition].claimed(claim, nowMs())) {
            return;
        }
        Owner owner =
                owners.computeIfAbsent(
                        claim.endpoint(),
                        _ ->
                                new Owner(
                                        new Backoff(
                                                settings.retryAfter().toMillis(),
                                                settings.retryAtMost().toMillis(),
                                                random.split())));
        owner.partitions.add(partition);
        if (before != null && !before.endpoint().equals(claim.endpoint())) {
            forget(before.endpoint(), partition);
        }
        OwnerLink current = owner.current;
        if (current == null) {
            connect(claim.endpoint(), owner);
        } else if (owner.open) {
            obey(current, partition);
        }
    }

    private void abandon(Claim claim) {
        int partition = claim.partition();
        if (partition < 0 || partition >= partitions.length) {
            return;
        }
        Claim highest = partitions[partition].claim();
        partitions[partition].released(claim);
        if (highest != null && highest.epoch() == claim.epoch()) {
            forget(claim.endpoint(), partition);
        }
    }

    /** Epochs start over: what was the highest claim would be obeyed for ever. */
    private void forgetClaims() {
        for (int partition = 0; partition < partitions.length; partition++) {
            Claim before = partitions[partition].claim();
            partitions[partition].forgetClaim();
            if (before != null) {
                forget(before.endpoint(), partition);
            }
        }
    }

    private void forget(String endpoint, int partition) {
        Owner owner = owners.get(endpoint);
        if (owner == null) {
            return;
        }
        owner.partitions.remove(partition);
        if (owner.partitions.isEmpty()) {
            // Before the link: its end then finds no owner that would want another one.
            owners.remove(endpoint);
            closeLink(owner);
            if (owner.open) {
                metrics.open.dec();
            }
        }
    }

    private void connect(String endpoint, Owner owner) {
        var attempt =
                new OwnerLink(
                        endpoint, partitions, loops, metrics, usage, questions, offering, this);
        owner.current = attempt;
        owner.open = false;
        connector.connect(endpoint, attempt);
    }

    private void announce(OwnerLink opened) {
        Owner owner = owners.get(opened.endpoint());
        if (owner == null || owner.current != opened) {
            // Its last claim ended while the link was being opened.
            close(opened);
            return;
        }
        owner.open = true;
        owner.openSince = nowMs();
        metrics.open.inc();
        for (int partition : owner.partitions) {
            obey(opened, partition);
        }
    }

    private void obey(OwnerLink owner, int partition) {
        Link<GatewayMessage> link = owner.link();
        if (link != null) {
            metrics.snapshots.inc();
            partitions[partition].obey(owner, link);
        }
    }

    private void reconnectLater(OwnerLink closed) {
        Owner owner = owners.get(closed.endpoint());
        if (owner == null || owner.current != closed) {
            return;
        }
        long now = nowMs();
        if (owner.open) {
            metrics.open.dec();
            metrics.broken.inc();
            if (now - owner.openSince >= STABLE_MS) {
                owner.backoff.reset();
            }
        }
        owner.open = false;
        owner.current = null;
        for (int partition : owner.partitions) {
            partitions[partition].lost(closed, now);
        }
        try {
            var _ =
                    thread.schedule(
                            guarded(() -> reconnect(closed.endpoint())),
                            owner.backoff.nextMs(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("No new link to {}: the gateway stops", closed.endpoint());
        }
    }

    private void reconnect(String endpoint) {
        Owner owner = owners.get(endpoint);
        if (owner != null && owner.current == null) {
            connect(endpoint, owner);
        }
    }

    /**
     * The partitions that no router has served for as long as clients bear it: there is none, or it
     * is out of reach.
     */
    public List<Integer> unserved() {
        return unserved;
    }

    private void check() {
        sendAwayCutOff();
        List<Integer> without = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            unservedChecks[i] = partitions[i].scope() == null ? unservedChecks[i] + 1 : 0;
            if (unservedChecks[i] >= CUT_OFF_CHECKS) {
                without.add(i);
            }
        }
        unserved = List.copyOf(without);
    }

    private void sendAwayCutOff() {
        for (PartitionPresence partition : partitions) {
            List<Session> cut = partition.cutOff(settings.cutOff().toMillis(), nowMs());
            if (!cut.isEmpty()) {
                metrics.cutOff.inc();
                cut.forEach(s -> s.loop().executor().execute(() -> s.end(Ending.CUT_OFF)));
            }
        }
    }

    private static void closeLink(Owner owner) {
        if (owner.current != null) {
            close(owner.current);
        }
    }

    private static void close(OwnerLink link) {
        Link<GatewayMessage> open = link.link();
        if (open != null) {
            open.close();
        }
    }

    private void run(Runnable step) {
        try {
            thread.execute(guarded(step));
        } catch (RejectedExecutionException e) {
            log.debug("The gateway stops and follows claims and links no more");
        }
    }

    /** A fault of ours must not end the thread's periodic work. */
    private static Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                log.error("A change of claims or links could not be followed", e);
            }
        };
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
