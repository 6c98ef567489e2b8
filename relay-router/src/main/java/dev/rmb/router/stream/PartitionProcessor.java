package dev.rmb.router.stream;

import dev.rmb.router.mailbox.Mailboxes;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Kafka Streams' view of a partition. Its thread is the partition's. */
final class PartitionProcessor implements Processor<byte[], byte[], Void, Void> {
    /** Half of it is the median wait of an acknowledgement; see docs/kafka.md, 10. */
    private static final Duration TICK = Duration.ofMillis(5);

    /** A takeover is done in pieces, with commits and other partitions' records between them. */
    private static final Duration SHARE = Duration.ofMillis(100);

    /**
     * Written into one transaction before it is ended early: a second's worth of a slow broker, and
     * a transaction that is not ended in three is lost, with everything in it.
     */
    private static final long COMMIT_BYTES = 16L << 20;

    private final Surroundings surroundings;
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable PartitionTask task;
    private @Nullable Cancellable ticks;
    private @Nullable StreamsKeyValues kept;
    private long uncommitted;

    PartitionProcessor(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(RouterTopology.STORE);
        StreamsKeyValues entries = new StreamsKeyValues(store);
        Mailboxes mailboxes = new Mailboxes(entries);
        PartitionTask opened =
                new PartitionTask(context.taskId().partition(), mailboxes, surroundings);
        task = opened;
        surroundings.open().opened(context.taskId().partition(), opened);
        kept = entries;
        uncommitted = 0;
        try {
            opened.takeOver(SHARE);
        } catch (RuntimeException e) {
            // Kafka Streams does not close what it could not open.
            close();
            throw e;
        }
        ticks = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> tick(opened));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        PartitionTask open = open();
        RecordMetadata metadata = context().recordMetadata().orElseThrow();
        open.record(
                metadata.offset(),
                record.timestamp(),
                record.headers(),
                record.key(),
                record.value());
        commitIfMuch();
    }

    @Override
    public void close() {
        // Kafka Streams may open this object again, after a transaction that failed.
        if (ticks != null) {
            ticks.cancel();
            ticks = null;
        }
        if (task != null) {
            task.close();
            task = null;
        }
    }

    private void tick(PartitionTask open) {
        if (!open.isMerged()) {
            open.takeOver(SHARE);
        }
        open.tick();
        if (open.isFreshlySuperseded()) {
            // Only the group's present member may commit: a zombie ends here, or at the next poll.
            context().commit();
        }
        commitIfMuch();
    }

    /** Mail that is stored goes to the changelog, which may be slower than the disk. */
    private void commitIfMuch() {
        if (kept != null) {
            uncommitted += kept.takeWritten();
        }
        if (uncommitted >= COMMIT_BYTES) {
            uncommitted = 0;
            context().commit();
        }
    }

    private PartitionTask open() {
        PartitionTask open = task;
        if (open == null) {
            throw new IllegalStateException("the task is closed");
        }
        return open;
    }

    private ProcessorContext<Void, Void> context() {
        ProcessorContext<Void, Void> given = context;
        if (given == null) {
            throw new IllegalStateException("the task was never opened");
        }
        return given;
    }
}
