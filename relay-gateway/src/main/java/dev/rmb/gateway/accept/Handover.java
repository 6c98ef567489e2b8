package dev.rmb.gateway.accept;

import java.util.Objects;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One record on its way to the producer and through it. */
final class Handover implements Callback {
    private static final Logger log = LoggerFactory.getLogger(Handover.class);

    private final Receipt receipt;

    /** Forgotten once the producer has it: it has a copy. */
    private @Nullable ProducerRecord<byte[], byte[]> record;

    /** Who tries; the producer tells it of refusals, and everything else to nobody but itself. */
    private @Nullable Thread caller;

    private @Nullable Exception refusal;
    private long heldSince;

    /** Its envelope may be delivered, whatever becomes of the record. */
    private boolean isOffered;

    private @Nullable Runnable whenBack;

    Handover(ProducerRecord<byte[], byte[]> record, Receipt receipt) {
        this.record = record;
        this.receipt = receipt;
    }

    ProducerRecord<byte[], byte[]> begin() {
        ProducerRecord<byte[], byte[]> sent = record;
        if (sent == null) {
            throw new IllegalStateException("the producer has this record already");
        }
        caller = Thread.currentThread();
        refusal = null;
        return sent;
    }

    /** The producer has returned; says why it refused, or {@code null} if it did not. */
    @Nullable Exception end() {
        // What comes now is no refusal, even if the caller is the producer's own thread.
        caller = null;
        if (refusal == null) {
            record = null;
        }
        return refusal;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null) {
            RecordMetadata place =
                    Objects.requireNonNull(metadata, "accepted, and nobody knows where");
            receipt.accepted(place.partition(), place.offset(), place.timestamp());
        } else if (Thread.currentThread() == caller) {
            refusal = failure;
        } else {
            log.debug("An envelope was not confirmed: {}", failure.toString());
            receipt.ended(Receipt.Outcome.UNCONFIRMED);
        }
        if (refusal == null && whenBack != null) {
            whenBack.run();
        }
    }

    /**
     * Has something done on the producer's thread once the record is in the log or its producer has
     * given it up. Not done if the producer refuses it.
     */
    void whenBack(Runnable action) {
        whenBack = action;
    }

    void offered() {
        isOffered = true;
    }

    void hold(long now) {
        heldSince = now;
    }

    long heldFor(long now) {
        return now - heldSince;
    }

    void refused(Exception why) {
        log.debug("An envelope was refused: {}", why.toString());
        receipt.ended(isOffered ? Receipt.Outcome.UNCONFIRMED : Receipt.Outcome.NOT_SENT);
    }
}
