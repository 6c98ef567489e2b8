package dev.rmb.router.stream;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer of a stream thread, which can be called away from its wait by a {@link Waker}. */
final class WokenConsumer extends KafkaConsumer<byte[], byte[]> {
    /** Without anything to do for so many waits, half a second or more, the waits become longer. */
    private static final int WAITS_IN_VAIN = 100;

    /** Not longer than others may take a look at the clock for: see {@code PartitionTask}. */
    private static final Duration REST = Duration.ofMillis(25);

    private final Runnable wakeUp = this::wakeup;

    /** In succession. */
    private int waitsInVain;

    WokenConsumer(Map<String, Object> configs) {
        super(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Called away, it waits on for what is left of the time, as its caller wants records; but where
     * nothing has come for a while and nobody has called, it waits for longer than it was told to.
     * Each return costs a round through Kafka Streams and all partitions.
     */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Waker waker = Waker.mine();
        // Also the thread itself calls, for what it has left to do.
        if (waker.turn()) {
            waitsInVain = 0;
        }
        boolean rests = waitsInVain >= WAITS_IN_VAIN && timeout.isPositive();
        Duration whole = rests && timeout.compareTo(REST) < 0 ? REST : timeout;
        waker.rest(rests);
        long began = System.nanoTime();
        Duration left = whole;
        while (true) {
            boolean isCalled = waker.begin(wakeUp);
            boolean isInterrupted = false;
            ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
            try {
                records = super.poll(isCalled ? Duration.ZERO : left);
            } catch (WakeupException e) {
                isInterrupted = true;
            } finally {
                if (waker.end(isInterrupted)) {
                    swallow();
                }
            }
            boolean isCut = waker.turn() || isCalled || isInterrupted;
            waitsInVain = records.isEmpty() && !isCut ? waitsInVain + 1 : 0;
            left = timeout.minusNanos(System.nanoTime() - began);
            if (!records.isEmpty() || !isCut || !left.isPositive()) {
                return records;
            }
        }
    }

    /** The wake-up came too late for the wait, and must not end another call. */
    private void swallow() {
        ConsumerRecords<byte[], byte[]> none;
        try {
            none = super.poll(Duration.ZERO);
        } catch (WakeupException e) {
            return;
        } catch (KafkaException | IllegalStateException e) {
            // The consumer is out of order, which its next call says as well.
            return;
        }
        if (!none.isEmpty()) {
            throw new IllegalStateException("records came where a wake-up was expected");
        }
    }
}
