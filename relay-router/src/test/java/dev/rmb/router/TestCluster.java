package dev.rmb.router;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.ByteString;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.Endpoint;
import dev.rmb.cluster.link.InProcessLinks;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.ownership.ClaimLog;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.router.federation.FederationSettings;
import dev.rmb.router.stream.StreamSettings;
import dev.rmb.server.config.HostPort;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.Twin;
import io.dropwizard.util.DataSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics of their own on a broker, routers, and gateways without sockets, in this process. */
final class TestCluster implements AutoCloseable {
    static final String DOMAIN = "relay.example.org";
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int PARTITIONS = 4;

    /** Quick to give up and to come back. */
    private static final FederationSettings FEDERATION =
            new FederationSettings(
                    Duration.ofMillis(500),
                    3,
                    Duration.ofMillis(20),
                    Duration.ofHours(1),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(1),
                    32,
                    512,
                    DataSize.mebibytes(32),
                    List.of("*"),
                    true,
                    false,
                    null);

    private static final List<String> ROUTERS = List.of("router-1", "router-2");

    final InMemoryTwins twins = new InMemoryTwins();
    final KafkaSettings kafka;
    private final Path directory;
    private final Producer<byte[], byte[]> producer;
    private final Map<String, InProcessLinks> links = new HashMap<>();
    private final Map<String, MetricRegistry> metrics = new HashMap<>();
    private final Deque<Runnable> parts = new ArrayDeque<>();

    /**
     * @param name one for each cluster on the same broker
     */
    TestCluster(String bootstrapServers, String name, Path directory) {
        this.directory = directory;
        this.kafka = new KafkaSettings(bootstrapServers, name + ".", PARTITIONS, 1, Map.of());
        new TopicSetup(kafka, PATIENCE).ensure(new Topics(kafka).required());
        this.producer =
                new KafkaProducer<>(
                        kafka.producer("test"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        parts.push(() -> producer.close(Duration.ofSeconds(5)));
        for (String router : ROUTERS) {
            links.put(
                    router,
                    new InProcessLinks(new Endpoint("gateway-1", 1), new Endpoint(router, 2)));
        }
    }

    /** A twin of this relay. */
    void twin(long id) {
        twin(id, DOMAIN);
    }

    void twin(long id, @Nullable String relay) {
        byte[] account = new byte[32];
        account[0] = (byte) id;
        account[1] = (byte) (id >> 8);
        twins.put(new Twin(id, AccountId.of(account), relay, null));
    }

    ScriptedGateway gateway() {
        Map<String, LinkConnector> connectors = new HashMap<>();
        links.forEach((router, ways) -> connectors.put("local:" + router, ways.connector()));
        return gateway(endpoint -> {
            LinkConnector connector = connectors.get(endpoint);
            if (connector == null) {
                throw new IllegalArgumentException("no way to " + endpoint);
            }
            return connector;
        });
    }

    /**
     * A gateway that may reach routers elsewhere.
     *
     * @param routers how each endpoint is reached
     */
    ScriptedGateway gateway(Function<String, LinkConnector> routers) {
        var gateway = new ScriptedGateway(kafka, "gateway-1", routers);
        gateway.start();
        parts.push(gateway::close);
        return gateway;
    }

    Router router(String name) throws IOException {
        return router(name, directory.resolve(name));
    }

    Router router(String name, Path stateDirectory) throws IOException {
        var ways = links.get(name);
        if (ways == null) {
            throw new IllegalArgumentException(name);
        }
        var acceptor = ways.acceptor();
        var registry = new MetricRegistry();
        metrics.put(name, registry);
        Router router =
                Router.start(
                        settings(name, stateDirectory),
                        kafka,
                        twins,
                        acceptor,
                        new Limits(),
                        registry,
                        Clock.systemUTC());
        parts.push(() -> {
            router.close();
            acceptor.close();
        });
        return router;
    }

    /** Stops a router in good order, its links after it. */
    void stop(String name, Router router) {
        router.close();
        InProcessLinks ways = links.get(name);
        if (ways != null) {
            ways.acceptor().close();
        }
    }

    /** Claims a partition in the name of a router that is not there. */
    long claim(int partition, String router) throws Exception {
        try (var claims =
                new ClaimLog(kafka, new Topics(kafka).owners(), "local:" + router, router, 1_234)) {
            return claims.claim(partition)
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    long count(String router, String metric) {
        MetricRegistry registry = metrics.get(router);
        return registry == null ? 0 : registry.counter(metric).getCount();
    }

    /** Puts a request into the log; its payload is the number. */
    RecordMetadata send(String to, int number) throws Exception {
        return send(request(to, number));
    }

    RecordMetadata send(Envelope envelope) throws Exception {
        return producer.send(record(envelope)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Puts many into the log, and returns when it has them all. */
    void sendAll(List<Envelope> envelopes) {
        for (Envelope envelope : envelopes) {
            var _ = producer.send(record(envelope));
        }
        producer.flush();
    }

    static Envelope request(String to, int number) {
        return request(to, number, null);
    }

    static Envelope request(String to, int number, @Nullable String tags) {
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid("uid-" + number)
                        .setTimestamp(1)
                        .setExpiration(300)
                        .setSource(Address.newBuilder().setTwin(99).setConnection("caller"))
                        .setDestination(wire(dev.rmb.protocol.Address.parse(to)))
                        .setRequest(Request.newBuilder().setCommand("run"))
                        .setPlain(ByteString.copyFromUtf8(Integer.toString(number)));
        if (tags != null) {
            envelope.setTags(tags);
        }
        return envelope.build();
    }

    static int number(byte[] envelope) {
        try {
            return Integer.parseInt(Envelope.parseFrom(envelope).getPlain().toStringUtf8());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
    }

    private ProducerRecord<byte[], byte[]> record(Envelope envelope) {
        var record =
                new ProducerRecord<>(
                        new Topics(kafka).envelopes(),
                        Partitioning.key(
                                Integer.toUnsignedLong(envelope.getDestination().getTwin())),
                        envelope.toByteArray());
        record.headers()
                .add(
                        RecordHeader.NAME,
                        new RecordHeader(RecordHeader.Kind.PEER, System.currentTimeMillis())
                                .encode());
        return record;
    }

    private static RouterSettings settings(String name, Path stateDirectory) {
        return settings(name, stateDirectory, Duration.ofSeconds(6));
    }

    static RouterSettings settings(String name, Path stateDirectory, Duration sessionTimeout) {
        return new RouterSettings(
                name,
                new HostPort("127.0.0.1", 0),
                null,
                List.of(DOMAIN),
                PATIENCE,
                new StreamSettings(
                        stateDirectory, 1, 0, sessionTimeout, Duration.ofMillis(200), PATIENCE),
                new DeliverySettings(
                        1_024,
                        DataSize.mebibytes(1),
                        1_024,
                        DataSize.mebibytes(64),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(2),
                        Duration.ofHours(12),
                        10_000,
                        DataSize.mebibytes(64),
                        1_000,
                        100_000,
                        DataSize.mebibytes(256),
                        DataSize.gibibytes(8),
                        Duration.ofHours(6),
                        false),
                new RouterLinkSettings(null, false),
                FEDERATION);
    }

    private static Address wire(dev.rmb.protocol.Address address) {
        Address.Builder wire = Address.newBuilder().setTwin((int) address.twin());
        String connection = address.connection();
        if (connection != null) {
            wire.setConnection(connection);
        }
        return wire.build();
    }
}
