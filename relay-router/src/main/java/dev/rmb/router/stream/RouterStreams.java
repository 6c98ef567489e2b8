package dev.rmb.router.stream;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.Topics;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.federation.FederationClient;
import dev.rmb.router.link.Links;
import dev.rmb.router.mailbox.MailView;
import dev.rmb.twins.TwinDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions of a router, as Kafka Streams assigns them. */
public final class RouterStreams implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RouterStreams.class);
    private static final Duration CLOSE = Duration.ofSeconds(20);

    /** How long {@link #close} may take: Kafka Streams, then the answers that are on their way. */
    public static final Duration STOP = CLOSE.plusSeconds(10);

    /** A thread that dies at once again and again must not keep a processor busy. */
    private static final long PAUSE_MS = 500;

    /** Starting without it is slower, and nothing else. */
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final StreamSettings settings;
    private final TopicPartition anyPartition;
    private final LogReaders logReaders;
    private final RelayErrors errors;
    private final OpenPartitions partitions = new OpenPartitions();
    private final KafkaStreams streams;
    private final StandbyLags standbyLags;
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param name of this pod
     * @param lagAlarm age of a record that is read, from which on operators are warned
     * @param domains of this relay
     */
    public RouterStreams(
            String name,
            StreamSettings settings,
            DispatchSettings dispatch,
            Duration lagAlarm,
            KafkaSettings kafka,
            TwinDirectory directory,
            Collection<String> domains,
            FederationClient federation,
            Links links,
            Claims claims,
            LiveGateways gateways,
            MetricRegistry registry,
            Clock clock) {
        this.settings = settings;
        Topics topics = new Topics(kafka);
        String applicationId = topics.routerApplicationId();
        RouterMetrics metrics = new RouterMetrics(registry, lagAlarm.toMillis());
        this.anyPartition = new TopicPartition(topics.envelopes(), 0);
        this.logReaders = new LogReaders(kafka, name, topics.envelopes(), applicationId);
        this.errors = new RelayErrors(kafka, name, topics.envelopes(), registry, clock);
        var surroundings =
                new Surroundings(
                        topics.envelopes(),
                        dispatch,
                        new RouterMemory(dispatch.memoryBytes()),
                        ThreadLocal.withInitial(StorePass::new),
                        links,
                        claims,
                        logReaders,
                        new LookUps(directory, domains),
                        errors,
                        federation,
                        gateways,
                        metrics,
                        partitions,
                        partitions.outcomes(),
                        clock);
        this.streams =
                new KafkaStreams(
                        RouterTopology.of(surroundings),
                        StreamsProperties.of(kafka, settings, name, applicationId),
                        new StreamClients());
        streams.setUncaughtExceptionHandler(thrown -> {
            if (isOfTheStore(thrown)) {
                return giveUp(thrown);
            }
            metrics.threadsReplaced.inc();
            log.error("A stream thread failed and is replaced", thrown);
            pause();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        this.standbyLags = new StandbyLags(name, this::storeLags, System::nanoTime);
        partitions.show(this::mail, this::standbys, standbyLags::look, this::ends);
        streams.setStateListener((now, _) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.complete(null);
            }
        });
    }

    /**
     * Makes what is missing in Kafka. Blocks its caller.
     *
     * @throws dev.rmb.kafka.TopicMismatchException if a topic exists that does not fit
     */
    public static void prepare(KafkaSettings kafka, Duration patience) {
        String applicationId = new Topics(kafka).routerApplicationId();
        new TopicSetup(kafka, patience)
                .ensure(List.of(RouterTopology.changelog(kafka, applicationId)));
    }

    /**
     * Starts, and returns when the partitions that fall to this router are open.
     *
     * @throws IllegalStateException if that takes too long, or the state directory cannot be used
     */
    public void start() throws InterruptedException {
        logReaders.prepare(anyPartition, WARM_UP);
        try {
            streams.start();
        } catch (ProcessorStateException e) {
            // Stores that are there already are opened at once.
            throw new IllegalStateException(unusable(e), e);
        }
        long patienceMs = settings.restoreTimeout().toMillis();
        try {
            var _ =
                    CompletableFuture.anyOf(running, failure)
                            .get(patienceMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the mailboxes were not restored within %d s; Kafka Streams is %s"
                            .formatted(settings.restoreTimeout().toSeconds(), streams.state()),
                    e);
        }
        Throwable failed = failure.getNow(null);
        if (failed != null) {
            throw new IllegalStateException(unusable(failed), failed);
        }
    }

    /**
     * Completes when this router has given its partitions up, because its state directory cannot be
     * used any more: others take them over, and only a restart brings it back.
     */
    public CompletionStage<Throwable> failure() {
        return failure;
    }

    /** The partitions as they are looked at from outside. */
    public OpenPartitions partitions() {
        return partitions;
    }

    private Optional<MailView> mail(int partition) {
        try {
            ReadOnlyKeyValueStore<Bytes, byte[]> store =
                    streams.store(
                            StoreQueryParameters.fromNameAndType(
                                            RouterTopology.STORE,
                                            QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                                    .withPartition(partition));
            return Optional.of(new MailView((from, to) -> StreamsKeyValues.scan(store, from, to)));
        } catch (InvalidStateStoreException e) {
            return Optional.empty();
        }
    }

    private Map<Integer, Long> ends() {
        Map<Integer, Long> ends = new HashMap<>();
        streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .forEach(task ->
                        task.endOffsets()
                                .forEach((partition, end) -> ends.put(partition.partition(), end)));
        return ends;
    }

    private Set<Integer> standbys() {
        return streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.standbyTasks().stream())
                .map(task -> task.taskId().partition())
                .collect(Collectors.toSet());
    }

    /** Of the stores of all partitions, those of this router's own included. */
    private Map<Integer, Long> storeLags() {
        Map<Integer, Long> lags = new HashMap<>();
        streams.allLocalStorePartitionLags()
                .getOrDefault(RouterTopology.STORE, Map.of())
                .forEach((partition, lag) -> lags.put(partition, lag.offsetLag()));
        return lags;
    }

    /** Whether all partitions that fall to this router are open, and none is moving. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether the partitions were given up for good: only a restart brings this router back. */
    public boolean hasEnded() {
        return streams.state().hasCompletedShutdown() || streams.state().isShuttingDown();
    }

    /** Commits, releases the partitions and leaves the group, in bounded time. */
    @Override
    public void close() {
        closing.countDown();
        standbyLags.close();
        boolean ended =
                streams.close(
                        CloseOptions.timeout(CLOSE)
                                .withGroupMembershipOperation(
                                        CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        if (!ended) {
            log.warn("Kafka Streams did not stop within {} s", CLOSE.toSeconds());
        } else {
            logReaders.close();
        }
        errors.close();
    }

    /**
     * A full or broken disk: a thread that is replaced fails again and again, and takes its
     * partitions away from routers that could serve them.
     */
    private StreamThreadExceptionResponse giveUp(Throwable thrown) {
        log.error("{}", unusable(thrown), thrown);
        failure.complete(thrown);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private String unusable(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return ("the state directory %s cannot be used: %s. This router gives its partitions up; make"
                        + " room, or remove the directory (all of it is restored from Kafka), and start"
                        + " it again")
                .formatted(settings.stateDirectory(), root.getMessage());
    }

    private static boolean isOfTheStore(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RocksDBException || cause instanceof ProcessorStateException) {
                return true;
            }
        }
        return false;
    }

    private void pause() {
        try {
            var _ = closing.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
