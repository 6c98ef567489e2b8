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
    private final Runnable wakeUp = this::wakeup;

    WokenConsumer(Map<String, Object> configs) {
        super(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Called away, it waits on for what is left of the time: its caller wants records. */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Waker waker = Waker.mine();
        long began = System.nanoTime();
        Duration left = timeout;
        while (true) {
            waker.turn();
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
            waker.turn();
            left = timeout.minusNanos(System.nanoTime() - began);
            boolean isCut = isCalled || isInterrupted;
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
