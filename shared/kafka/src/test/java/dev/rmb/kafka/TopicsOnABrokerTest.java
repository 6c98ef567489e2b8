package dev.rmb.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
    void aTopicWithOtherPartitionsOrSmallerRecordsIsRefusedWithWhatToDo() throws Exception {
        try (Admin admin = Admin.create(settings.admin("test"))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, 2, (short) 1)
                                            .configs(Map.of("max.message.bytes", "1000"))))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }

        assertThatThrownBy(() ->
                        new TopicSetup(settings, PATIENCE)
                                .ensure(
                                        List.of(
                                                new TopicSpec(
                                                        topic,
                                                        3,
                                                        Map.of("max.message.bytes", "5000")))))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("has 2 partitions where the configuration says 3")
                .hasMessageContaining("raise its max.message.bytes to 5000");
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
