package dev.rmb.router.stream;

import dev.rmb.cluster.ownership.Claim;
import dev.rmb.cluster.ownership.ClaimLog;
import dev.rmb.cluster.ownership.OwnershipListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the claims of this router's tasks, and tells them of those of others. Owns a thread, so
 * that a stream thread never waits for the producer. Thread-safe.
 */
final class Claims implements OwnershipListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    private static final long CLOSE_MS = 2_000;

    private final ClaimLog claimLog;
    private final long incarnation;
    private final Map<Integer, Inbox> tasks = new ConcurrentHashMap<>();
    private final ExecutorService thread;

    /**
     * @param incarnation by which this router's own claims are known
     */
    Claims(ClaimLog claimLog, String router, long incarnation) {
        this.claimLog = claimLog;
        this.incarnation = incarnation;
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name(router + "-claims").daemon().factory());
    }

    void own(int partition, Inbox inbox) {
        tasks.put(partition, inbox);
    }

    void disown(int partition, Inbox inbox) {
        tasks.remove(partition, inbox);
    }

    /** Claims the partition; the epoch, or that it failed, comes into the inbox. */
    void claim(int partition, Inbox inbox) {
        run(
                () ->
                        claimLog.claim(partition)
                                .whenComplete(
                                        (epoch, failure) -> {
                                            if (failure == null) {
                                                inbox.add(new TaskEvent.Claimed(epoch));
                                            } else {
                                                log.warn(
                                                        "Partition {} could not be claimed; trying"
                                                                + " again",
                                                        partition,
                                                        failure);
                                                inbox.add(new TaskEvent.ClaimFailed());
                                            }
                                        }));
    }

    /** Ends a claim, so that gateways do not wait for an owner that is gone. */
    void release(int partition, long epoch) {
        run(() -> claimLog.release(partition, epoch));
    }

    @Override
    public void claimed(Claim claim) {
        Inbox inbox = tasks.get(claim.partition());
        if (inbox != null && claim.incarnation() != incarnation) {
            inbox.add(new TaskEvent.Superseded(claim.epoch()));
        }
    }

    @Override
    public void released(Claim claim) {}

    /** Waits a moment for releases under way. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        claimLog.close();
    }

    private void run(Runnable step) {
        try {
            thread.execute(step);
        } catch (RejectedExecutionException e) {
            log.debug("The router stops and claims nothing more");
        }
    }
}
