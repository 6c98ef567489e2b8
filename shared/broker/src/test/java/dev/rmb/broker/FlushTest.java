package dev.rmb.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forced to the disk, as the JVM's own recorder sees it. */
final class FlushTest {
    private static final int RECORDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void aFlushedBrokerForcesEachRecordToDiskAndItsOwnTopicsToo() throws Exception {
        Map<String, Integer> forced = forcedBy(BrokerSettings.onFreePort().flushed());

        // One for each record, which was sent when the one before was acknowledged.
        assertThat(forced.getOrDefault("notes", 0)).isGreaterThanOrEqualTo(RECORDS);
        assertThat(forced.getOrDefault("__consumer_offsets", 0)).isGreaterThanOrEqualTo(RECORDS);
        // Begun, and decided.
        assertThat(forced.getOrDefault("__transaction_state", 0))
                .isGreaterThanOrEqualTo(2 * RECORDS);
    }

    @Test
    void aBrokerThatIsNotFlushedLeavesItToTheOperatingSystem() throws Exception {
        assertThat(forcedBy(BrokerSettings.onFreePort())).doesNotContainKey("notes");
    }

    /** How often a segment of each topic was forced while records were sent one by one. */
    private Map<String, Integer> forcedBy(BrokerSettings settings) throws Exception {
        Path events = directory.resolve("events.jfr");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("data"), settings);
                Recording recording = new Recording()) {
            Notes.create(broker.bootstrapServers());
            recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
            try (var producer = producer(broker);
                    var consumer = consumer(broker)) {
                producer.initTransactions();
                recording.start();
                for (int i = 0; i < RECORDS; i++) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("notes", "note " + i))
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    producer.commitTransaction();
                    consumer.commitSync(
                            Map.of(new TopicPartition("notes", 0), new OffsetAndMetadata(i)));
                }
                recording.stop();
            }
            recording.dump(events);
        }
        return count(events);
    }

    private static Map<String, Integer> count(Path events) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        List<RecordedEvent> all = RecordingFile.readAllEvents(events);
        for (RecordedEvent event : all) {
            String path = event.getString("path");
            if (path != null && path.endsWith(".log")) {
                Path segment = Path.of(path);
                String partition = segment.getName(segment.getNameCount() - 2).toString();
                counts.merge(partition.substring(0, partition.lastIndexOf('-')), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "transactional.id",
                        "flush-test"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedBroker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "flush-test",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
