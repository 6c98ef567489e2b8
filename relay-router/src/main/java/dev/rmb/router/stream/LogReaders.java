package dev.rmb.router.stream;

import dev.rmb.kafka.KafkaSettings;
import dev.rmb.kafka.TopicIds;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log readers of all stream threads. Thread-safe. */
final class LogReaders implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogReaders.class);

    /** Of one poll; what a takeover holds in memory beside the dispatcher's own bound. */
    private static final int FETCH_BYTES = 8 << 20;

    private static final int POLL_RECORDS = 2_000;

    /** Between two looks at the topic's id. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final String name;
    private final String group;
    private final TopicIds ids;

    /** Partitions whose log this process saw change. */
    private final Set<Integer> suspects = ConcurrentHashMap.newKeySet();

    private final AtomicInteger opened = new AtomicInteger();
    private final Map<Thread, LogReader> readers = new ConcurrentHashMap<>();

    /** For the first thread that asks. */
    private final AtomicReference<@Nullable LogReader> prepared = new AtomicReference<>();

    /**
     * @param topic full name of the log
     * @param group of the application
     */
    LogReaders(KafkaSettings kafka, String name, String topic, String group) {
        this.kafka = kafka;
        this.name = name;
        this.group = group;
        this.ids = new TopicIds(kafka, name + "-log-id", topic, LOOK);
    }

    /**
     * Opens a reader and has it ask and read once, so that the first takeover need not wait for
     * connections and classes. Blocks its caller.
     *
     * @param partition any one of the log
     */
    void prepare(TopicPartition partition, Duration patience) {
        LogReader reader = open();
        try {
            long end = reader.end(partition, patience);
            var _ = reader.committed(partition, patience);
            var _ = reader.read(partition, end, Duration.ZERO);
            reader.rest();
        } catch (TimeoutException e) {
            log.info("Kafka did not tell where the log ends in time; takeovers will ask again");
        }
        prepared.set(reader);
    }

    /** The calling thread's reader. */
    LogReader mine() {
        LogReader reader = readers.get(Thread.currentThread());
        if (reader == null) {
            // A stream thread that died was replaced by another.
            readers.keySet().removeIf(thread -> !thread.isAlive() && close(thread));
            reader = prepared.getAndSet(null);
            if (reader == null) {
                reader = open();
            }
            readers.put(Thread.currentThread(), reader);
        }
        return reader;
    }

    /** The topic's id, as far as it is known without waiting. */
    @Nullable UUID topic(long nowMs) {
        return ids.latest(nowMs);
    }

    /** The partition's log is not what it was. */
    void suspect(int partition) {
        suspects.add(partition);
    }

    void trust(int partition) {
        suspects.remove(partition);
    }

    boolean isSuspect(int partition) {
        return suspects.contains(partition);
    }

    /** After the stream threads have ended. */
    @Override
    public void close() {
        readers.keySet().removeIf(this::close);
        LogReader unused = prepared.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
        ids.close();
    }

    private boolean close(Thread thread) {
        LogReader reader = readers.get(thread);
        if (reader != null) {
            reader.close();
        }
        return true;
    }

    private LogReader open() {
        Map<String, Object> consumer = kafka.consumer(name + "-log-" + opened.incrementAndGet());
        // Only to ask for its offsets.
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        consumer.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        consumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        return new LogReader(
                new KafkaConsumer<>(
                        consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                ids);
    }
}
