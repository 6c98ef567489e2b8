package dev.rmb.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the relay relies on in a Kafka broker, whoever runs it. */
abstract class BrokerContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MIB = 1024 * 1024;

    /** Where the broker under test listens. */
    abstract String bootstrapServers();

    @Test
    void aTopicHasThePartitionsAndSettingsItWasCreatedWith() throws Exception {
        Map<String, String> settings =
                Map.of(
                        "cleanup.policy", "compact",
                        "min.cleanable.dirty.ratio", "0.1",
                        "delete.retention.ms", "86400000",
                        "max.message.bytes", Integer.toString(17 * MIB),
                        "message.timestamp.type", "LogAppendTime");
        String topic = createTopic(5, settings);

        try (Admin admin = admin()) {
            TopicDescription described = describe(admin, topic);
            assertThat(described.partitions())
                    .hasSize(5)
                    .allSatisfy(partition -> assertThat(partition.leader()).isNotNull());
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            var config =
                    wait(admin.describeConfigs(List.of(resource)).all()).values().iterator().next();
            assertThat(settings)
                    .allSatisfy(
                            (key, value) -> assertThat(config.get(key).value()).isEqualTo(value));
        }
    }

    @Test
    void recordsAreReadInTheOrderTheyWereAccepted() throws Exception {
        String topic = createTopic(1, Map.of());

        try (var producer = producer(Map.of("enable.idempotence", true, "acks", "all"))) {
            List<Future<RecordMetadata>> accepted = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                accepted.add(producer.send(new ProducerRecord<>(topic, key(7), text(i))));
            }
            producer.flush();
            for (int i = 0; i < accepted.size(); i++) {
                assertThat(wait(accepted.get(i)).offset()).isEqualTo(i);
            }
        }

        assertThat(read(topic, 5_000, Map.of()))
                .extracting(r -> new String(r.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 5_000).mapToObj(Integer::toString).toList());
    }

    @Test
    void keysTombstonesHeadersAndBytesComeBackUnchanged() throws Exception {
        String topic = createTopic(1, Map.of("cleanup.policy", "compact"));
        byte[] value = new byte[1000];
        new SplittableRandom(1).nextBytes(value);

        try (var producer = producer(Map.of())) {
            var record = new ProducerRecord<>(topic, key(7), value);
            record.headers().add("rmb", new byte[] {1, 0, -1});
            wait(producer.send(record));
            wait(producer.send(new ProducerRecord<>(topic, key(8), null)));
        }

        var read = read(topic, 2, Map.of());
        assertThat(read.get(0).key()).isEqualTo(key(7));
        assertThat(read.get(0).value()).isEqualTo(value);
        assertThat(read.get(0).headers().lastHeader("rmb").value())
                .isEqualTo(new byte[] {1, 0, -1});
        assertThat(read.get(1).key()).isEqualTo(key(8));
        assertThat(read.get(1).value()).isNull();
    }

    @Test
    void aTopicWithAppendTimeStampsRecordsByTheBrokersClock() throws Exception {
        String topic = createTopic(1, Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();

        try (var producer = producer(Map.of())) {
            wait(producer.send(new ProducerRecord<>(topic, 0, 1L, key(7), text(1))));
        }

        var record = read(topic, 1, Map.of()).get(0);
        assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(record.timestamp()).isBetween(before - 60_000, before + 60_000);
    }

    @Test
    void aTopicIsNotCreatedByUsingIt() throws Exception {
        String topic = "never-made-" + UUID.randomUUID();

        try (var producer = producer(Map.of("max.block.ms", 1_000))) {
            assertThatThrownBy(() -> wait(producer.send(new ProducerRecord<>(topic, text(1)))))
                    .isInstanceOf(ExecutionException.class);
        }

        try (Admin admin = admin()) {
            assertThatThrownBy(() -> wait(admin.describeTopics(List.of(topic)).allTopicNames()))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void aSixteenMebibyteEnvelopeFitsAndAMuchLargerOneIsRefused() throws Exception {
        String topic = createTopic(1, Map.of("max.message.bytes", Integer.toString(17 * MIB)));
        byte[] largest = new byte[16 * MIB + 1024];
        new SplittableRandom(2).nextBytes(largest);

        try (var producer =
                producer(Map.of("max.request.size", 32 * MIB, "buffer.memory", 64L * MIB))) {
            wait(producer.send(new ProducerRecord<>(topic, key(7), largest)));
            byte[] tooLarge = new byte[18 * MIB];
            assertThatThrownBy(() ->
                            wait(producer.send(new ProducerRecord<>(topic, 0, null, tooLarge))))
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }

        assertThat(read(topic, 1, Map.of()).get(0).value()).isEqualTo(largest);
    }

    @Test
    void whoReadsCommittedSeesNothingOfAnAbortedTransaction() throws Exception {
        String topic = createTopic(1, Map.of());

        try (var producer = transactional("tx-" + topic)) {
            producer.initTransactions();
            producer.beginTransaction();
            wait(producer.send(new ProducerRecord<>(topic, key(1), text(1))));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            wait(producer.send(new ProducerRecord<>(topic, key(1), text(2))));
            producer.commitTransaction();
        }

        assertThat(read(topic, 1, Map.of("isolation.level", "read_committed")))
                .extracting(r -> new String(r.value(), UTF_8))
                .containsExactly("2");
    }

    @Test
    void aTransactionalProducerIsFencedByItsSuccessor() throws Exception {
        String topic = createTopic(1, Map.of());

        try (var old = transactional("tx-" + topic);
                var successor = transactional("tx-" + topic)) {
            old.initTransactions();
            old.beginTransaction();
            wait(old.send(new ProducerRecord<>(topic, key(1), text(1))));
            successor.initTransactions();
            successor.beginTransaction();
            wait(successor.send(new ProducerRecord<>(topic, key(1), text(2))));
            successor.commitTransaction();

            assertThatThrownBy(old::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }

        assertThat(read(topic, 1, Map.of("isolation.level", "read_committed")))
                .extracting(r -> new String(r.value(), UTF_8))
                .containsExactly("2");
    }

    @Test
    void aGroupSharesThePartitionsAndGoesOnWhereAMemberLeft() throws Exception {
        String topic = createTopic(4, Map.of());
        Map<String, Object> group =
                Map.of(
                        "group.id",
                        "group-" + topic,
                        "auto.offset.reset",
                        "earliest",
                        "session.timeout.ms",
                        2_000,
                        "heartbeat.interval.ms",
                        500);
        try (var producer = producer(Map.of());
                var stays = consumer(group)) {
            Set<String> seen = new HashSet<>();
            try (var leaves = consumer(group)) {
                stays.subscribe(List.of(topic));
                leaves.subscribe(List.of(topic));
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInSameThread()
                        .until(() -> {
                            stays.poll(Duration.ofMillis(50));
                            leaves.poll(Duration.ofMillis(50));
                            return stays.assignment().size() == 2
                                    && leaves.assignment().size() == 2;
                        });
                for (int partition = 0; partition < 4; partition++) {
                    wait(producer.send(new ProducerRecord<>(topic, partition, null, text(1))));
                }
                leaves.poll(Duration.ofSeconds(5)).forEach(r -> seen.add(r.partition() + ":1"));
                leaves.commitSync();
                assertThat(seen).isNotEmpty();
            }
            for (int partition = 0; partition < 4; partition++) {
                wait(producer.send(new ProducerRecord<>(topic, partition, null, text(2))));
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .until(() -> {
                        stays.poll(Duration.ofMillis(100))
                                .forEach(r -> assertThat(seen.add(name(r))).isTrue());
                        return seen.size() == 8;
                    });
        }
    }

    private static String name(ConsumerRecord<byte[], byte[]> record) {
        return record.partition() + ":" + new String(record.value(), UTF_8);
    }

    private String createTopic(int partitions, Map<String, String> settings) throws Exception {
        String topic = "contract-" + UUID.randomUUID();
        try (Admin admin = admin()) {
            wait(
                    admin.createTopics(
                                    List.of(
                                            new NewTopic(topic, partitions, (short) 1)
                                                    .configs(settings)))
                            .all());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() ->
                            describe(admin, topic).partitions().stream()
                                    .allMatch(p -> p.leader() != null));
        }
        return topic;
    }

    private static TopicDescription describe(Admin admin, String topic) throws Exception {
        return wait(admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(
            String topic, int count, Map<String, Object> settings) {
        var partition = new TopicPartition(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (var consumer = consumer(settings)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                        return read.size() >= count;
                    });
        }
        return read;
    }

    private Admin admin() {
        return Admin.create(settings(Map.of()));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        return new KafkaProducer<>(
                settings(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaProducer<byte[], byte[]> transactional(String id) {
        return producer(Map.of("transactional.id", id));
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        return new KafkaConsumer<>(
                settings(more), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> settings(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("bootstrap.servers", bootstrapServers());
        return settings;
    }

    private static <T> T wait(Future<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static <T> T wait(KafkaFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static byte[] key(int twin) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(twin).array();
    }

    private static byte[] text(int number) {
        return Integer.toString(number).getBytes(UTF_8);
    }
}
