package dev.rmb.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.kafka.TopicSpec.Demand.AtLeast;
import dev.rmb.kafka.TopicSpec.Demand.Exactly;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Topics made, refused and followed, against a real broker. */
final class TopicsOnABrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir static Path data;
    private static EmbeddedBroker broker;

    private KafkaSettings settings;
    private String topic;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data, BrokerSettings.onFreePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        settings = new KafkaSettings(broker.bootstrapServers(), "", 4, 1, Map.of());
        topic = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void aMissingTopicIsMadeAndAnExistingOneAccepted() {
        TopicSpec wanted = new TopicSpec(topic, 3, Map.of("max.message.bytes", "5000"));

        new TopicSetup(settings, PATIENCE).ensure(List.of(wanted));
        new TopicSetup(settings, PATIENCE).ensure(List.of(wanted));

        try (var producer = producer()) {
            assertThat(producer.partitionsFor(topic)).hasSize(3);
        }
    }

    @Test
    void aTopicThatDoesNotFitIsRefusedWithWhatToDo() throws Exception {
        make(topic, 2, Map.of("max.message.bytes", "1000", "retention.ms", "60000"));

        assertThatThrownBy(() ->
                        ensure(
                                settings,
                                new TopicSpec(
                                        topic,
                                        3,
                                        Map.of(),
                                        Map.of(
                                                "max.message.bytes",
                                                new AtLeast(5_000),
                                                "retention.ms",
                                                new AtLeast(80_000, "wait less"),
                                                "message.timestamp.type",
                                                new Exactly("LogAppendTime")))))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("has 2 partitions where the configuration says 3")
                .hasMessageContaining("raise its max.message.bytes to 5000")
                .hasMessageContaining("raise its retention.ms to 80000, or wait less")
                .hasMessageContaining("message.timestamp.type=CreateTime: set it to LogAppendTime");
    }

    @Test
    void noLimitIsNeverTooLow() throws Exception {
        make(topic, 1, Map.of("retention.ms", "-1"));

        ensure(
                settings,
                new TopicSpec(topic, 1, Map.of(), Map.of("retention.ms", new AtLeast(80_000))));
    }

    @Test
    void rule18WeakReplicationIsRefusedUnlessItIsAccepted() throws Exception {
        make(topic, 1, Map.of("unclean.leader.election.enable", "true"));
        TopicSpec wanted = new TopicSpec(topic, 1, Map.of());

        assertThatThrownBy(() -> ensure(kafka(1, false), wanted))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("has 1 replicas where 3 are needed")
                .hasMessageContaining("set its min.insync.replicas to 2")
                .hasMessageContaining("set its unclean.leader.election.enable to false")
                .hasMessageContaining("kafka.acceptWeakReplication: true");
        ensure(kafka(1, true), wanted);
        // Accepted also where more is asked for than the topic has.
        ensure(kafka(3, true), wanted);
    }

    @Test
    void rule18TopicsAreMadeToLast() throws Exception {
        assertThat(kafka(3, false).lasting())
                .isEqualTo(
                        Map.of(
                                "min.insync.replicas",
                                "2",
                                "unclean.leader.election.enable",
                                "false"));
        ensure(settings, new TopicSpec(topic, 1, Map.of()));

        assertThat(configOf(topic, "unclean.leader.election.enable")).isEqualTo("false");
        assertThat(configOf(topic, "min.insync.replicas")).isEqualTo("1");
    }

    @Test
    void aTopicThatIsNotFlushedIsRefusedWhereThatIsDemanded() throws Exception {
        KafkaSettings flushed =
                new KafkaSettings(
                        broker.bootstrapServers(), "", 4, 1, new Durability(true, true), Map.of());
        ensure(flushed, new TopicSpec(topic, 1, Map.of()));
        assertThat(configOf(topic, "flush.messages")).isEqualTo("1");

        make(topic + "-not", 1, Map.of());
        assertThatThrownBy(() -> ensure(flushed, new TopicSpec(topic + "-not", 1, Map.of())))
                .hasMessageContaining("flush.messages=")
                .hasMessageContaining("set it to 1");
    }

    @Test
    void rule5AFollowerReadsATopicThatWasMadeAnewFromItsBeginning() throws Exception {
        ensure(settings, new TopicSpec(topic, 1, Map.of()));
        List<String> heard = new CopyOnWriteArrayList<>();
        try (var producer = producer();
                TopicFollower follower =
                        new TopicFollower(settings, topic, "follower", into(heard))) {
            write(producer, "a", "1");
            write(producer, "b", "2");
            follower.start();
            await().atMost(PATIENCE).until(() -> heard.contains("caught up"));

            delete(topic);
            ensure(settings, new TopicSpec(topic, 1, Map.of()));
            write(producer, "c", "3");
            await().atMost(PATIENCE).until(() -> heard.contains("0c3"));
            write(producer, "d", "4");

            await().atMost(PATIENCE).until(() -> heard.contains("1d4"));
            assertThat(heard)
                    .containsSubsequence("0a1", "1b2", "caught up", "restarted", "0c3", "1d4");
            // It may begin once more where the broker is slow to forget the old topic.
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(heard.subList(heard.lastIndexOf("restarted"), heard.size()))
                                    .containsOnlyOnce("0c3", "caught up", "1d4"));
        }
    }

    @Test
    void rule5ATopicThatWasMadeAnewIsNoticedEvenIfItIsAsLongAsTheOldOne() throws Exception {
        ensure(settings, new TopicSpec(topic, 1, Map.of()));
        List<String> heard = new CopyOnWriteArrayList<>();
        try (TopicFollower follower = new TopicFollower(settings, topic, "follower", into(heard))) {
            try (var producer = producer()) {
                write(producer, "a", "1");
                follower.start();
                await().atMost(PATIENCE).until(() -> heard.contains("caught up"));
            }

            delete(topic);
            ensure(settings, new TopicSpec(topic, 1, Map.of()));
            try (var producer = producer()) {
                write(producer, "b", "2");
                write(producer, "c", "3");
            }

            await().atMost(PATIENCE).until(() -> heard.contains("0b2"));
        }
    }

    @Test
    void aBrokerThatIsNotThereIsNamed() {
        KafkaSettings nobody = new KafkaSettings("127.0.0.1:1", "", 4, 1, Map.of());

        assertThatThrownBy(() ->
                        new TopicSetup(nobody, Duration.ofMillis(500))
                                .ensure(List.of(new TopicSpec(topic, 1, Map.of()))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("kafka.bootstrap.servers");
    }

    @Test
    void aFollowerHearsWhatWasThereThenWhatComesAndSurvivesAFailingHandler() throws Exception {
        new TopicSetup(settings, PATIENCE).ensure(List.of(new TopicSpec(topic, 1, Map.of())));
        List<String> heard = new CopyOnWriteArrayList<>();
        try (var producer = producer()) {
            write(producer, "a", "1");
            write(producer, "bad", "2");
            write(producer, "a", null);
            try (TopicFollower follower =
                    new TopicFollower(
                            settings,
                            topic,
                            "test-follower",
                            (offset, key, value) -> {
                                String name = text(key);
                                if (name.equals("bad")) {
                                    throw new IllegalArgumentException("unreadable");
                                }
                                heard.add(offset + name + text(value));
                            })) {
                follower.start();
                follower.caughtUp().toCompletableFuture().get(10, TimeUnit.SECONDS);
                assertThat(heard).containsExactly("0a1", "2anull");

                write(producer, "c", "4");
                await().atMost(PATIENCE).until(() -> heard.contains("3c4"));
            }
        }
    }

    @Test
    void aFollowerThatIsClosedEarlyStopsAndSaysSo() {
        TopicFollower follower =
                new TopicFollower(settings, "no-such-topic", "test-follower", (o, k, v) -> {});
        follower.start();
        follower.close();

        await().atMost(PATIENCE)
                .until(() -> follower.caughtUp().toCompletableFuture().isCompletedExceptionally());
    }

    private static TopicFollower.Handler into(List<String> heard) {
        return new TopicFollower.Handler() {
            @Override
            public void accept(long offset, byte[] key, byte @Nullable [] value) {
                heard.add(offset + text(key) + text(value));
            }

            @Override
            public void restarted() {
                heard.add("restarted");
            }

            @Override
            public void caughtUp() {
                heard.add("caught up");
            }
        };
    }

    private static KafkaSettings kafka(int replication, boolean acceptWeakReplication) {
        return new KafkaSettings(
                broker.bootstrapServers(),
                "",
                4,
                replication,
                new Durability(acceptWeakReplication, false),
                Map.of());
    }

    private static void ensure(KafkaSettings kafka, TopicSpec wanted) {
        new TopicSetup(kafka, PATIENCE).ensure(List.of(wanted));
    }

    private void make(String name, int partitions, Map<String, String> configs) throws Exception {
        try (Admin admin = Admin.create(settings.admin("test"))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private void delete(String name) throws Exception {
        try (Admin admin = Admin.create(settings.admin("test"))) {
            admin.deleteTopics(List.of(name)).all().get(10, TimeUnit.SECONDS);
        }
    }

    private String configOf(String name, String key) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = Admin.create(settings.admin("test"))) {
            return Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).values().get(resource))
                    .get(10, TimeUnit.SECONDS)
                    .get(key)
                    .value();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                settings.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void write(KafkaProducer<byte[], byte[]> producer, String key, @Nullable String value)
            throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                topic,
                                key.getBytes(StandardCharsets.UTF_8),
                                value == null ? null : value.getBytes(StandardCharsets.UTF_8)))
                .get(10, TimeUnit.SECONDS);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
