package dev.rmb.router.stream;

import dev.rmb.cluster.ownership.Claim;
import dev.rmb.cluster.ownership.ClaimLog;
import dev.rmb.cluster.ownership.OwnershipListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims and releases of this router's partitions (delivery.md, 5). Thread-safe; owns a thread,
 * because writing a claim may block while Kafka is away.
 */
public final class Claims implements OwnershipListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    private static final long RETRY_MS = 500;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final ClaimLog claimLog;
    private final long incarnation;
    private final ScheduledExecutorService executor;
    private final Map<Integer, Tenure> tenures = new ConcurrentHashMap<>();

    /**
     * @param claimLog closed with this
     * @param incarnation as the claims name it
     */
    public Claims(ClaimLog claimLog, String router, long incarnation) {
        this.claimLog = claimLog;
        this.incarnation = incarnation;
        this.executor =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(router + "-claims").daemon().factory());
    }

    /** One opening of a partition, from its claim to its release. */
    final class Tenure {
        private final int partition;
        private final LongConsumer claimed;
        private final Runnable superseded;
        private final Runnable startedOver;
        private long epoch = -1;
        private long foreign = -1;

        /** How often the topic was made anew: what was written before that is no claim now. */
        private long topics;

        private boolean ended;

        private Tenure(
                int partition, LongConsumer claimed, Runnable superseded, Runnable startedOver) {
            this.partition = partition;
            this.claimed = claimed;
            this.superseded = superseded;
            this.startedOver = startedOver;
        }

        /** Claims the partition, again if need be until that is written. */
        void claim() {
            run(this::write);
        }

        /** Releases what was claimed. */
        void end() {
            tenures.remove(partition, this);
            long held;
            synchronized (this) {
                ended = true;
                held = epoch;
            }
            if (held >= 0) {
                release(held);
            }
        }

        private void startOver() {
            synchronized (this) {
                topics++;
                epoch = -1;
                foreign = -1;
            }
            startedOver.run();
            claim();
        }

        private void write() {
            long topic;
            synchronized (this) {
                if (ended) {
                    return;
                }
                topic = topics;
            }
            var _ =
                    claimLog.claim(partition)
                            .whenComplete((written, failure) -> {
                                if (failure == null) {
                                    written(topic, written);
                                } else {
                                    log.warn(
                                            "Partition {} could not be claimed, trying"
                                                    + " again: {}",
                                            partition,
                                            failure.toString());
                                    later(this::write);
                                }
                            });
        }

        private void written(long topic, long written) {
            boolean isSuperseded;
            boolean isLate;
            synchronized (this) {
                if (topic != topics) {
                    // The next claim is on its way.
                    return;
                }
                epoch = Math.max(epoch, written);
                isSuperseded = foreign > epoch;
                isLate = ended;
            }
            if (isLate) {
                release(written);
                return;
            }
            log.debug("Partition {} is claimed under epoch {}", partition, written);
            claimed.accept(written);
            if (isSuperseded) {
                superseded.run();
            }
        }

        private void heard(Claim claim) {
            synchronized (this) {
                foreign = Math.max(foreign, claim.epoch());
                // While the own claim is not written, nobody knows which is the higher one.
                if (epoch < 0 || foreign < epoch) {
                    return;
                }
            }
            log.info("Router {} has a higher claim to partition {}", claim.router(), partition);
            superseded.run();
        }

        private void release(long held) {
            run(() -> {
                var _ =
                        claimLog.release(partition, held)
                                .whenComplete((_, failure) -> {
                                    if (failure != null) {
                                        log.warn(
                                                "Partition {} could not be" + " released: {}",
                                                partition,
                                                failure.toString());
                                    }
                                });
            });
        }
    }

    /**
     * Claims a partition that was opened.
     *
     * @param claimed hears of each epoch that this router claims, on any thread
     * @param superseded runs when somebody else has a higher claim, on any thread
     * @param startedOver runs when epochs start over: what was claimed is void, and claimed again
     *     already; on any thread
     */
    Tenure begin(int partition, LongConsumer claimed, Runnable superseded, Runnable startedOver) {
        Tenure tenure = new Tenure(partition, claimed, superseded, startedOver);
        tenures.put(partition, tenure);
        tenure.claim();
        return tenure;
    }

    @Override
    public void claimed(Claim claim) {
        @Nullable Tenure tenure = tenures.get(claim.partition());
        if (tenure != null && claim.incarnation() != incarnation) {
            tenure.heard(claim);
        }
    }

    @Override
    public void released(Claim claim) {
        // A partition is opened when Kafka says so, and not because somebody left it.
    }

    @Override
    public void restarted() {
        tenures.values().forEach(Tenure::startOver);
    }

    /** Waits a few seconds for releases to be written. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("Claims were still being written when this router stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        claimLog.close();
    }

    private void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("A claim or release came after the stop");
        }
    }

    private void later(Runnable task) {
        try {
            var _ = executor.schedule(task, RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("A claim was to be tried again after the stop");
        }
    }
}
