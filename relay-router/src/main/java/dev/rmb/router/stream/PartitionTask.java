package dev.rmb.router.stream;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.members.Member;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Effects;
import dev.rmb.router.dispatch.Taken;
import dev.rmb.router.link.LinkEvent;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Refusal;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition while this router owns it: gives its {@link Dispatcher} records, events and time,
 * all on the stream thread that runs the task.
 */
final class PartitionTask implements Processor<byte[], byte[], Void, Void> {
    private static final Logger log = LoggerFactory.getLogger(PartitionTask.class);

    /** How long one turn may go on with what takes long before records have theirs. */
    private static final long WORK_NANOS = 5_000_000;

    private static final long MEMBERS_MS = 200;

    /** Before a claim is written again; the group has noticed by then who is not a member. */
    private static final long CLAIM_AGAIN_MS = 1_000;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long NO_EPOCH = -1;

    private final TaskContext context;
    private final Inbox inbox = new Inbox();
    private int partition = -1;
    private @Nullable ProcessorContext<Void, Void> streams;
    private @Nullable Dispatcher dispatcher;
    private @Nullable TaskMetrics metrics;
    private long epoch = NO_EPOCH;
    private long claimAtMs = NEVER;
    private long membersAtMs;

    PartitionTask(TaskContext context) {
        this.context = context;
    }

    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
        streams = processorContext;
        partition = processorContext.taskId().partition();
        KeyValueStore<Bytes, byte[]> store = processorContext.getStateStore(RouterStreams.STORE);
        long committed = context.log().committed(partition);
        Dispatcher opened =
                new Dispatcher(
                        context.settings(),
                        new Mailboxes(new StoreEntries(store)),
                        new Outside(),
                        committed,
                        now());
        long from = opened.position();
        context.log().replay(partition, committed, opened);
        opened.merged();
        dispatcher = opened;
        metrics = context.metrics().opened(opened.counts());
        context.links().own(partition, inbox);
        context.claims().own(partition, inbox);
        context.claims().claim(partition, inbox);
        var _ =
                processorContext.schedule(
                        context.pollInterval(), PunctuationType.WALL_CLOCK_TIME, _ -> turn());
        log.info("Partition {} is taken over, its log read again from {} to {}", partition, from, committed);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Dispatcher to = open();
        if (!inbox.isEmpty()) {
            drain(to);
        }
        RecordMetadata place =
                openStreams()
                        .recordMetadata()
                        .orElseThrow(() -> new IllegalStateException("a record from nowhere"));
        Taken taken =
                to.record(
                        place.offset(),
                        record.timestamp(),
                        LogReader.header(record.headers().lastHeader(RecordHeader.NAME)),
                        record.key(),
                        record.value());
        if (taken == Taken.UNREADABLE || taken == Taken.PARKED) {
            log.warn("Record {} of partition {} is {}", place.offset(), partition, taken);
        }
    }

    /** Also called when the task is taken away uncleanly; then nothing it wrote counts. */
    @Override
    public void close() {
        context.links().disown(partition, inbox);
        context.claims().disown(partition, inbox);
        if (epoch != NO_EPOCH) {
            context.claims().release(partition, epoch);
        }
        if (metrics != null) {
            metrics.close();
        }
        dispatcher = null;
        log.info("Partition {} is given up", partition);
    }

    private void turn() {
        Dispatcher to = open();
        long now = now();
        drain(to);
        if (now >= membersAtMs) {
            membersAtMs = now + MEMBERS_MS;
            to.gateways(
                    context.members().alive(Member.Role.GATEWAY).stream()
                            .map(Member::pod)
                            .collect(Collectors.toUnmodifiableSet()));
        }
        if (now >= claimAtMs) {
            claimAtMs = NEVER;
            context.claims().claim(partition, inbox);
        }
        to.tick(now);
        long deadline = System.nanoTime() + WORK_NANOS;
        boolean more = true;
        while (more && System.nanoTime() - deadline < 0) {
            more = to.work();
        }
        TaskMetrics open = metrics;
        if (open != null) {
            open.update(to);
        }
    }

    private void drain(Dispatcher to) {
        Object event;
        while ((event = inbox.poll()) != null) {
            switch (event) {
                case LinkEvent.Said said -> said(to, said);
                case LinkEvent.Ended ended -> to.linkClosed(ended.link());
                case TaskEvent own -> own(to, own);
                default -> throw new IllegalStateException("unexpected event: " + event);
            }
        }
    }

    private static void said(Dispatcher to, LinkEvent.Said said) {
        long link = said.link();
        switch (said.message()) {
            case GatewayMessage.Snapshot m ->
                    to.snapshot(link, said.gateway(), m.epoch(), m.sessions(), m.last());
            case GatewayMessage.Opened m ->
                    to.opened(link, said.gateway(), m.epoch(), m.session());
            case GatewayMessage.Closed m -> to.closed(link, m.epoch(), m.sessionId());
            case GatewayMessage.Acknowledged m ->
                    to.acknowledged(link, m.epoch(), m.sessionId(), m.number());
        }
    }

    private void own(Dispatcher to, TaskEvent event) {
        switch (event) {
            case TaskEvent.Claimed m -> {
                if (m.epoch() > epoch) {
                    epoch = m.epoch();
                    to.claimed(epoch);
                }
            }
            case TaskEvent.ClaimFailed _ -> claimAtMs = now() + CLAIM_AGAIN_MS;
            case TaskEvent.Superseded m -> {
                if (m.epoch() > epoch && epoch != NO_EPOCH) {
                    // Either this task is about to learn that it lost its partition, or the other
                    // one was wrong; polls until then decide.
                    log.warn("Partition {} was claimed by another router", partition);
                    to.superseded();
                    claimAtMs = now() + CLAIM_AGAIN_MS;
                }
            }
            case TaskEvent.LookedUp m -> to.lookedUp(m.twin(), m.standing());
            case TaskEvent.LookUpFailed m -> to.lookUpFailed(m.twin());
            case TaskEvent.Answered m -> to.answered(m.offset(), m.accepted());
        }
    }

    private Dispatcher open() {
        Dispatcher open = dispatcher;
        if (open == null) {
            throw new IllegalStateException("partition " + partition + " is not open");
        }
        return open;
    }

    private ProcessorContext<Void, Void> openStreams() {
        ProcessorContext<Void, Void> open = streams;
        if (open == null) {
            throw new IllegalStateException("partition " + partition + " is not open");
        }
        return open;
    }

    private long now() {
        return context.clock().millis();
    }

    /** What the dispatcher does to the world. */
    private final class Outside implements Effects {
        @Override
        public void deliver(
                long link,
                long claim,
                long sessionId,
                long number,
                long offset,
                byte[] envelope) {
            context.links()
                    .send(
                            link,
                            new RouterMessage.Deliver(
                                    partition, claim, sessionId, number, offset, envelope));
        }

        @Override
        public void evict(long link, long claim, long sessionId) {
            context.links().send(link, new RouterMessage.Evict(partition, claim, sessionId));
        }

        @Override
        public boolean isWritable(long link) {
            return context.links().isWritable(link);
        }

        @Override
        public void closeLink(long link) {
            context.links().close(link);
        }

        @Override
        public void lookUp(long twin) {
            context.standings()
                    .of(twin)
                    .whenComplete(
                            (standing, failure) ->
                                    inbox.add(
                                            failure == null
                                                    ? new TaskEvent.LookedUp(twin, standing)
                                                    : new TaskEvent.LookUpFailed(twin)));
        }

        @Override
        public void refuse(long offset, Refusal refusal) {
            context.answers()
                    .send(
                            refusal,
                            accepted -> inbox.add(new TaskEvent.Answered(offset, accepted)));
        }
    }
}
