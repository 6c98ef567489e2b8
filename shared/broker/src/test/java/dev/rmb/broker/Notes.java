package dev.rmb.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** A topic of texts, to see what outlives a broker. */
final class Notes {
    private static final String TOPIC = "notes";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Notes() {}

    static void create(String bootstrapServers) throws Exception {
        try (var admin = Admin.create(settings(bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static boolean exist(String bootstrapServers) {
        try (var admin = Admin.create(settings(bootstrapServers))) {
            return admin.listTopics()
                    .names()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .contains(TOPIC);
        } catch (Exception e) {
            throw new AssertionError("the broker does not answer", e);
        }
    }

    static void write(String bootstrapServers, String note) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        settings(bootstrapServers),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, note))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static List<String> read(String bootstrapServers, int count) {
        var partition = new TopicPartition(TOPIC, 0);
        List<String> read = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        settings(bootstrapServers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(r -> read.add(r.value()));
                        return read.size() >= count;
                    });
        }
        return read;
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        return Map.of("bootstrap.servers", bootstrapServers);
    }
}
