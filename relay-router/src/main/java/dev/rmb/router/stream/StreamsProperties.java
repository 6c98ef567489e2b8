package dev.rmb.router.stream;

import dev.rmb.kafka.KafkaSettings;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The configuration of Kafka Streams. Why each value is what it is stands in docs/kafka.md. */
final class StreamsProperties {
    private static final int TRANSACTION_TIMEOUT_MS = 3_000;

    /**
     * By its heartbeat a router learns that another one came or left: this is part of the pause.
     */
    private static final int HEARTBEAT_MS = 100;

    /** A heartbeat is lost now and then; a third leaves room for two. */
    private static final int HEARTBEATS_PER_SESSION = 3;

    private static final int POLL_MS = 5;

    /** Whole poll batches: cost per message falls with them. */
    private static final int POLL_RECORDS = 10_000;

    private static final int BUFFERED_RECORDS = 10_000;

    /** What one poll may hold in memory. */
    private static final int FETCH_BYTES = 32 << 20;

    private static final int PARTITION_FETCH_BYTES = 4 << 20;

    /**
     * A partition that falls to this router is not fetched, nor its mailboxes restored, before the
     * fetch that is under way has come back: with Kafka's 500 ms this is most of a takeover.
     */
    private static final int FETCH_WAIT_MS = 50;

    private StreamsProperties() {}

    static Properties of(
            KafkaSettings kafka, StreamSettings settings, String name, String applicationId) {
        Properties properties = new Properties();
        properties.putAll(kafka.client(name));
        properties.putAll(kafka.properties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, kafka.replication());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
        properties.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        properties.put(StreamsConfig.LOG_SUMMARY_INTERVAL_MS_CONFIG, -1L);
        // The changelog is there already; whatever else Streams might make is to last as well.
        kafka.lasting()
                .forEach((key, value) -> properties.put(StreamsConfig.topicPrefix(key), value));
        consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        consumer(
                properties, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        consumer(properties, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        int sessionMs = (int) settings.sessionTimeout().toMillis();
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                sessionMs);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.min(HEARTBEAT_MS, sessionMs / HEARTBEATS_PER_SESSION));
        producer(properties, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        producer(
                properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, KafkaSettings.MAX_RECORD_BYTES);
        return properties;
    }

    private static void consumer(Properties properties, String key, Object value) {
        properties.put(StreamsConfig.consumerPrefix(key), value);
    }

    private static void producer(Properties properties, String key, Object value) {
        properties.put(StreamsConfig.producerPrefix(key), value);
    }
}
