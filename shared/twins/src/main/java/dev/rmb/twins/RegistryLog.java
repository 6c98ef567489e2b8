package dev.rmb.twins;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rmb.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry's topic in the hands of the one who may write to it: everything committed so far in
 * memory, and a producer that fails once somebody else takes over. Not thread-safe. Every method
 * may throw a {@link KafkaException}, after which it is of no more use.
 */
final class RegistryLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RegistryLog.class);

    /** Which change a record belongs to: a text of its own each. */
    private static final String CHANGE_HEADER = "change";

    private static final Duration REQUEST = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FETCH_WAIT_MS = 10;
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicPartition partition;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TwinTable twins = new TwinTable();
    private final String unanswered;
    private boolean sawUnanswered;
    private long highestId;

    /** Behind the last record committed here. */
    private long ownEnd;

    /**
     * @param unanswered a change that may have been tried before, and of which it is not known then
     *     whether it was made
     */
    RegistryLog(KafkaSettings settings, String unanswered) {
        this.unanswered = unanswered;
        this.partition = new TopicPartition(TwinRecords.topic(settings), 0);
        Map<String, Object> writing = settings.producer("twins-registry");
        writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.name("twins-registry"));
        writing.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) PATIENCE.toMillis());
        writing.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        writing.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        writing.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        writing.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.producer =
                new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
        Map<String, Object> reading = settings.consumer("twins-registry");
        // The consumer asks for more ahead of time, and its next request, where the topic ends,
        // waits behind that one.
        reading.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        try {
            this.consumer =
                    new KafkaConsumer<>(
                            reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            producer.close(CLOSE);
            throw e;
        }
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Ends what the former holder had begun and did not commit, and fences it. */
    void takeOver() {
        producer.initTransactions();
    }

    /**
     * Brings the memory up to everything that was committed before this call. Whoever took over
     * since then is not seen, but then the next write fails.
     */
    void readToEnd() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Long found = consumer.endOffsets(List.of(partition), REQUEST).get(partition);
        long end = Math.max(found == null ? 0 : found, ownEnd);
        if (found == null || found < consumer.position(partition, REQUEST)) {
            throw new KafkaException("the registry's topic ends before what was read of it");
        }
        while (consumer.position(partition, REQUEST) < end) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("the registry's topic cannot be read to its end");
            }
            consumer.poll(POLL).forEach(this::apply);
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        Header change = record.headers().lastHeader(CHANGE_HEADER);
        if (change != null && unanswered.equals(new String(change.value(), US_ASCII))) {
            sawUnanswered = true;
        }
        try {
            highestId = Math.max(highestId, TwinRecords.apply(twins, record.key(), record.value()));
        } catch (IllegalArgumentException e) {
            log.error(
                    "Record {} of {} was passed by: it is no twin's",
                    record.offset(),
                    partition.topic(),
                    e);
        }
    }

    /** Whether the unanswered change was made after all. */
    boolean hasUnanswered() {
        return sawUnanswered;
    }

    /** Where the last record committed here is; -1 if there is none. */
    long lastCommitted() {
        return ownEnd - 1;
    }

    TwinTable twins() {
        return twins;
    }

    /** The highest id that any twin has or had; 0 where there was none. */
    long highestId() {
        return highestId;
    }

    /**
     * @param change names it, should its answer be lost
     */
    void put(Twin twin, String change) {
        commit(List.of(record(twin.id(), TwinRecords.value(twin), change)));
    }

    /**
     * @param change names it, should its answer be lost
     */
    void delete(long id, String change) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record(id, null, change));
        if (id == highestId) {
            byte[] highest = TwinRecords.highestId(highestId);
            records.add(record(TwinRecords.HIGHEST_ID_KEY, highest, change));
        }
        commit(records);
    }

    private ProducerRecord<byte[], byte[]> record(long id, byte @Nullable [] value, String change) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        partition.topic(), partition.partition(), TwinRecords.key(id), value);
        record.headers().add(CHANGE_HEADER, change.getBytes(US_ASCII));
        return record;
    }

    private void commit(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(producer.send(record));
        }
        producer.flush();
        long end = ownEnd;
        for (Future<RecordMetadata> future : sent) {
            end = Math.max(end, offset(future) + 1);
        }
        producer.commitTransaction();
        ownEnd = end;
        // A commit returns when it is decided, and readers see it a little later. Who is told of
        // this change and asks another pod must find it.
        readToEnd();
    }

    /** Where a record was put, or what it failed with; all sends are done after a flush. */
    private static long offset(Future<RecordMetadata> done) {
        try {
            return done.get().offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure
                    ? failure
                    : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
