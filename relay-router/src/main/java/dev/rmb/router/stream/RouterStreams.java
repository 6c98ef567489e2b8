package dev.rmb.router.stream;

import dev.rmb.cluster.Topics;
import dev.rmb.cluster.link.LinkAcceptor;
import dev.rmb.cluster.members.Members;
import dev.rmb.cluster.ownership.ClaimLog;
import dev.rmb.cluster.ownership.Ownership;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.router.RouterSettings;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.link.GatewayLinks;
import dev.rmb.server.lifecycle.Lifecycle;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Streams application of a router: its topology, its threads, and everything that its tasks
 * share. Started once, stopped once.
 */
public final class RouterStreams implements AutoCloseable {
    /** The state store of a task. */
    static final String STORE = "mailboxes";

    private static final Logger log = LoggerFactory.getLogger(RouterStreams.class);
    private static final String SOURCE = "log";
    private static final String DISPATCH = "dispatch";

    /** Half of it is how long an outside event waits in the median (kafka-notes.md). */
    private static final Duration POLL = Duration.ofMillis(5);

    private static final Duration COMMIT = Duration.ofMillis(200);

    /** After a crash the successor waits for it; the default of 10 s doubles a takeover. */
    private static final Duration TRANSACTION = Duration.ofSeconds(3);

    private static final int POLL_RECORDS = 4_000;
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final Duration PART_CLOSE = Duration.ofSeconds(5);

    private final Lifecycle parts;
    private final KafkaStreams streams;

    private RouterStreams(Lifecycle parts, KafkaStreams streams) {
        this.parts = parts;
        this.streams = streams;
    }

    /**
     * Starts to own partitions, and returns when the group has given this router its share. Blocks.
     *
     * @throws IOException if links cannot be listened for
     * @throws IllegalStateException if that took longer than the settings allow
     */
    public static RouterStreams start(
            RouterSettings settings,
            KafkaSettings kafka,
            TwinDirectory directory,
            LinkAcceptor acceptor,
            RouterMetrics metrics,
            Clock clock)
            throws IOException {
        Topics topics = new Topics(kafka);
        String name = settings.name();
        Lifecycle parts = new Lifecycle();
        try {
            GatewayLinks links = new GatewayLinks();
            String endpoint = acceptor.start(links);
            long incarnation = new SecureRandom().nextLong();
            Claims claims =
                    parts.add(
                            "the claims",
                            PART_CLOSE,
                            new Claims(
                                    new ClaimLog(
                                            kafka, topics.owners(), endpoint, name, incarnation),
                                    name,
                                    incarnation));
            parts.add(
                            "the follower of claims",
                            PART_CLOSE,
                            new Ownership(kafka, topics.owners(), name + "-router", claims))
                    .start();
            Members members =
                    parts.add(
                            "the follower of members",
                            PART_CLOSE,
                            new Members(kafka, topics.members(), name + "-router", clock));
            members.start();
            RelayAnswers answers =
                    parts.add(
                            "the relay's answers",
                            PART_CLOSE,
                            new RelayAnswers(
                                    kafka, topics.envelopes(), name + "-answers", clock));
            LogReader reader =
                    parts.add(
                            "the log reader",
                            PART_CLOSE,
                            new LogReader(
                                    kafka,
                                    topics.envelopes(),
                                    topics.routerApplicationId(),
                                    name + "-reader"));
            TaskContext context =
                    new TaskContext(
                            DispatchSettings.DEFAULTS,
                            POLL,
                            reader,
                            links,
                            claims,
                            members,
                            new Standings(directory, RelayDomains.of(settings.domains())),
                            answers,
                            metrics,
                            clock);
            KafkaStreams streams =
                    new KafkaStreams(
                            topology(topics, context), properties(settings, kafka, topics));
            RouterStreams started = new RouterStreams(parts, streams);
            parts.add("the stream threads", CLOSE.plus(PART_CLOSE), started::leave);
            started.run(settings.startTimeout(), metrics);
            return started;
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Whether every partition given to this router is being processed. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Gives its partitions back, so that others take them at once, and stops. */
    @Override
    public void close() {
        parts.close();
    }

    private void run(Duration patience, RouterMetrics metrics) {
        CountDownLatch running = new CountDownLatch(1);
        streams.setStateListener(
                (now, _) -> {
                    if (now == KafkaStreams.State.RUNNING) {
                        running.countDown();
                    }
                });
        var failures = metrics.counter("thread_failures_total");
        streams.setUncaughtExceptionHandler(
                failure -> {
                    failures.inc();
                    log.error("A stream thread failed and is replaced", failure);
                    return StreamThreadExceptionResponse.REPLACE_THREAD;
                });
        streams.start();
        try {
            if (!running.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the router was given no partitions within %d s: check that Kafka runs, or raise router.startTimeout"
                                .formatted(patience.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    private void leave() {
        streams.close(
                CloseOptions.timeout(CLOSE)
                        .withGroupMembershipOperation(
                                CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    private static Topology topology(Topics topics, TaskContext context) {
        Topology topology = new Topology();
        topology.addSource(
                SOURCE,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topics.envelopes());
        topology.addProcessor(DISPATCH, () -> new PartitionTask(context), SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(STORE),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(
                                Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        Integer.toString(KafkaSettings.MAX_RECORD_BYTES))),
                DISPATCH);
        return topology;
    }

    private static Properties properties(
            RouterSettings settings, KafkaSettings kafka, Topics topics) {
        Properties properties = new Properties();
        properties.putAll(kafka.client(settings.name()));
        kafka.properties()
                .forEach(
                        (name, value) -> {
                            if (StreamsConfig.configDef().names().contains(name)
                                    || ConsumerConfig.configNames().contains(name)
                                    || ProducerConfig.configNames().contains(name)) {
                                properties.put(name, value);
                            }
                        });
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.routerApplicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, kafka.replication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.state().toString());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT.toMillis());
        properties.put(StreamsConfig.POLL_MS_CONFIG, POLL.toMillis());
        properties.put(
                StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                (int) TRANSACTION.toMillis());
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                KafkaSettings.MAX_RECORD_BYTES);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                POLL_RECORDS);
        int sessionMs = (int) settings.sessionTimeout().toMillis();
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                sessionMs);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                sessionMs / 4);
        return properties;
    }
}
