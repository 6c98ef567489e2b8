package dev.rmb.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.Topics;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.ownership.ClaimLog;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicSetup;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.RegistryTwinDirectory;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as it is started, on a real broker. */
@Timeout(120)
final class GatewayOnKafkaTest {
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestTwin ALICE = TestGateway.ALICE;
    private static final TestTwin BOB = TestGateway.BOB;

    @TempDir Path data;

    private EmbeddedBroker broker;
    private KafkaSettings kafka;
    private Topics topics;
    private ScriptedRouter router;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
        kafka = new KafkaSettings(broker.bootstrapServers(), "rmb.", PARTITIONS, 1, Map.of());
        topics = new Topics(kafka);
        new TopicSetup(kafka, PATIENCE).ensure(topics.required());
        router = new ScriptedRouter();
        gateway = startGateway("");
    }

    @AfterEach
    void stop() {
        gateway.close();
        router.close();
        broker.close();
    }

    private Gateway startGateway(String yaml) throws IOException {
        return startGateway(yaml, InMemoryTwins.of(ALICE.record(), BOB.record()));
    }

    private Gateway startGateway(String yaml, TwinDirectory directory) throws IOException {
        return Gateway.start(
                TestGateway.settings(yaml),
                kafka,
                directory,
                TestGateway.OURS,
                router.connector(),
                new Bans(Clock.systemUTC()),
                new Limits(),
                new MetricRegistry(),
                Clock.systemUTC());
    }

    @Test
    void recordsHaveTheDestinationsKeyAndPartitionTheHeaderAndTheVeryBytesInOrder()
            throws IOException {
        int messages = 2_000;
        long before = System.currentTimeMillis();
        List<byte[]> sent = new ArrayList<>();
        try (var alice = connect(ALICE)) {
            for (int i = 0; i < messages; i++) {
                Envelope envelope = ALICE.request(new TestTwin(1L + i % 50, 1), "m" + i);
                sent.add(envelope.toByteArray());
                alice.send(envelope);
            }
            alice.send(ping("barrier"));
            assertThat(alice.nextEnvelope().getUid()).isEqualTo("barrier");
        }

        // The barrier's answer is the proof that all are there already.
        List<ConsumerRecord<byte[], byte[]>> records = read(messages);
        for (int i = 0; i < messages; i++) {
            long twin = 1L + i % 50;
            byte[] bytes = sent.get(i);
            var record =
                    records.stream()
                            .filter(r -> Arrays.equals(r.value(), bytes))
                            .findFirst()
                            .orElseThrow();
            assertThat(record.key()).isEqualTo(Partitioning.key(twin));
            assertThat(record.partition()).isEqualTo(Partitioning.partitionOf(twin, PARTITIONS));
            RecordHeader header =
                    RecordHeader.decode(record.headers().lastHeader(RecordHeader.NAME).value());
            assertThat(header.kind()).isEqualTo(RecordHeader.Kind.PEER);
            assertThat(header.ingressMs()).isBetween(before, System.currentTimeMillis());
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int wanted = partition;
            assertThat(
                            records.stream()
                                    .filter(r -> r.partition() == wanted)
                                    .map(r -> number(r.value()))
                                    .toList())
                    .isEqualTo(
                            IntStream.range(0, messages)
                                    .filter(i ->
                                            Partitioning.partitionOf(1L + i % 50, PARTITIONS)
                                                    == wanted)
                                    .boxed()
                                    .toList());
        }
    }

    @Test
    void whatAnotherRelayBroughtIsMarkedAsThatAndThereBeforeItIsConfirmed() throws Exception {
        Envelope.Builder request =
                ALICE.request(BOB, "m0").toBuilder().setTimestamp(Instant.now().getEpochSecond());
        byte[] envelope = Envelopes.sign(request, ALICE.key).toByteArray();
        try (var relay = Peer.silent(gateway.address())) {
            relay.raw(
                    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                    + envelope.length
                                    + "\r\n\r\n")
                            .getBytes(US_ASCII));
            relay.raw(envelope);
            assertThat(relay.answer().status()).isEqualTo(202);
        }

        ConsumerRecord<byte[], byte[]> record = read(1).getFirst();
        assertThat(record.value()).isEqualTo(envelope);
        assertThat(record.key()).isEqualTo(Partitioning.key(BOB.id));
        assertThat(
                        RecordHeader.decode(record.headers().lastHeader(RecordHeader.NAME).value())
                                .kind())
                .isEqualTo(RecordHeader.Kind.FEDERATED);
    }

    @Test
    void onlyTwinsOfTheRegistryAreAnybodysToLookUp() throws Exception {
        String get = "GET /twins/1 HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(Peer.refused(gateway.address(), get).body()).isEqualTo("page not found");
        try (var twins = RegistryTwinDirectory.start(kafka);
                var second = startGateway("name: second", twins)) {
            assertThat(Peer.refused(second.address(), get).body()).isEqualTo("twin not found");
        }
    }

    @Test
    void claimsInTheOwnersTopicBringLinksAndOldOnesAreKnownAtTheStart() throws Exception {
        int partition = Partitioning.partitionOf(BOB.id, PARTITIONS);
        try (var claims = new ClaimLog(kafka, topics.owners(), router.endpoint(), "router", 2);
                var bob = connect(BOB)) {
            long epoch = claims.claim(partition).toCompletableFuture().get(20, TimeUnit.SECONDS);
            SessionInfo session = router.awaitPresent(new Address(BOB.id, null));
            byte[] envelope = ALICE.request(BOB, "r").toByteArray();
            router.send(new RouterMessage.Deliver(partition, epoch, session.id(), 1, 0, envelope));
            assertThat(bob.next().payload()).isEqualTo(envelope);

            router.forget();
            try (var second = startGateway("name: second")) {
                assertThat(second.address()).isNotEqualTo(gateway.address());
                router.await(GatewayMessage.Snapshot.class, s -> s.epoch() == epoch);
            }
        }
    }

    @Test
    void withoutKafkaRequestsAreAnsweredInTimeAndWithItBackTheyAreAccepted() throws Exception {
        // Of its own, as a second is little for whoever shares this machine with others.
        try (var impatient = startGateway("name: impatient\naccept: {timeout: 1s}");
                var alice = Peer.connect(impatient.address(), ALICE.token(null))) {
            alice.send(ALICE.request(BOB, "before"));
            alice.send(ping("barrier"));
            assertThat(alice.nextEnvelope().getUid()).isEqualTo("barrier");

            int port = broker.port();
            broker.close();
            alice.send(ALICE.request(BOB, "away"));
            Envelope error = alice.nextEnvelope();
            assertThat(error.getUid()).isEqualTo("away");
            assertThat(error.getError().getMessage())
                    .isIn("not confirmed, may still arrive", "relay busy, try again");

            broker = EmbeddedBroker.start(data, BrokerSettings.onPort(port));
            await().atMost(PATIENCE)
                    .until(() -> {
                        alice.send(ALICE.request(BOB, "back"));
                        alice.send(ping("again"));
                        return alice.nextEnvelope().getUid().equals("again");
                    });
        }
    }

    @Test
    void aGatewayWithoutKafkaSaysWhatToCheck() {
        var nowhere = new KafkaSettings("127.0.0.1:1", "rmb.", PARTITIONS, 1, Map.of());

        assertThatThrownBy(() ->
                        Gateway.start(
                                TestGateway.settings("startTimeout: 300ms"),
                                nowhere,
                                InMemoryTwins.of(),
                                TestGateway.OURS,
                                router.connector(),
                                new Bans(Clock.systemUTC()),
                                new Limits(),
                                new MetricRegistry(),
                                Clock.systemUTC()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kafka.bootstrap.servers");
    }

    @Test
    void aPortInUseIsNamedAndNothingIsLeftRunning() {
        var settings =
                ConfigLoader.parse(
                        "name: taken\nlisten: " + gateway.address(),
                        GatewaySettings.class,
                        Map.of());

        assertThatThrownBy(() ->
                        Gateway.start(
                                settings,
                                kafka,
                                InMemoryTwins.of(),
                                TestGateway.OURS,
                                router.connector(),
                                new Bans(Clock.systemUTC()),
                                new Limits(),
                                new MetricRegistry(),
                                Clock.systemUTC()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(gateway.address().toString());
        await().atMost(PATIENCE)
                .until(() ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(t -> t.getName().startsWith("taken")));
    }

    private Peer connect(TestTwin twin) throws IOException {
        return Peer.connect(gateway.address(), twin.token(null));
    }

    private static Envelope ping(String uid) {
        return Envelope.newBuilder()
                .setUid(uid)
                .setSource(ALICE.address(null))
                .setPing(Ping.getDefaultInstance())
                .build();
    }

    private static int number(byte[] envelope) {
        try {
            return Integer.parseInt(Envelope.parseFrom(envelope).getUid().substring(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        kafka.consumer("test"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(
                    IntStream.range(0, PARTITIONS)
                            .mapToObj(p -> new TopicPartition(topics.envelopes(), p))
                            .toList());
            consumer.seekToBeginning(consumer.assignment());
            await().atMost(PATIENCE)
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                        return records.size() >= count;
                    });
        }
        return records;
    }
}
