package dev.rmb.router.stream;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Dispatcher;
import dev.rmb.router.dispatch.Now;
import dev.rmb.router.dispatch.Taken;
import dev.rmb.router.link.Inbox;
import dev.rmb.router.link.OpenLink;
import dev.rmb.router.mailbox.Mailbox;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Seams;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening of a partition: the dispatcher, what feeds it, and its takeover from the owner before
 * (delivery.md, 2). For its stream thread alone.
 */
final class PartitionTask implements Inbox.Reader {
    private static final Logger log = LoggerFactory.getLogger(PartitionTask.class);

    /** Messages of gateways read before anything else has its turn. */
    private static final int INBOX_BATCH = 8_192;

    /** How long draining mailboxes may keep the thread from the log and from other partitions. */
    private static final long WORK_NANOS = 2_000_000;

    /**
     * After another's higher claim, time for the stream thread to poll and to commit: if it is a
     * zombie, it learns that and the partition is closed (delivery.md, 5).
     */
    private static final long CLAIM_AGAIN_MS = 500;

    /** Longer than Kafka Streams lets a record lie about. */
    private static final long QUIET_MS = 25;

    /** A record that much later than the clock's last tick is from the future. */
    private static final long FUTURE_MS = 1_000;

    private static final long AT_ONCE_MS = 50;

    private static final long COMPARE_MS = 1_000;

    /** Between the looks that others may have at it. */
    private static final long LOOK_MS = 500;

    /** After which an opening that found a seam is committed. */
    private static final long TRUST_MS = 10_000;

    private final int partition;
    private final TopicPartition source;
    private final Surroundings surroundings;
    private final Mailboxes mailboxes;
    private final Inbox inbox;
    private final TaskEffects effects;
    private final Claims.Tenure tenure;
    private final Waker waker = Waker.mine();
    private final Runnable offers = this::takeOffers;
    private final Patience patience = new Patience();
    private @Nullable Dispatcher dispatcher;
    private RouterMetrics.@Nullable Share metrics;

    /** Up to where the takeover reads: the committed offset, and what came since. */
    private long target;

    /** How far the log was read for the takeover. */
    private long readTo;

    /** The last offset that Kafka Streams handed over. */
    private long handed = -1;

    private Seams seams = Seams.none();
    private long openedMs;
    private long comparedMs;
    private volatile PartitionState state;
    private long lookedMs;
    private boolean merged;
    private boolean freshlySuperseded;

    /** When to claim again; 0 if there is no need. */
    private long claimAgainMs;

    private Set<String> gateways = Set.of();

    private Now ticked = new Now(0, 0);

    /** When the last record came. */
    private long recordMs;

    /** No record has come for a while, though this thread was there to take it. */
    private boolean quiet;

    PartitionTask(int partition, Mailboxes mailboxes, Surroundings surroundings) {
        this.partition = partition;
        this.source = new TopicPartition(surroundings.topic(), partition);
        this.mailboxes = mailboxes;
        this.surroundings = surroundings;
        this.inbox = surroundings.links().open(partition, this);
        waker.add(offers);
        inbox.whenOffered(waker::call);
        inbox.whenHeard(waker::callIfResting);
        this.state =
                new PartitionState(
                        partition,
                        PartitionState.Phase.OPENING,
                        -1,
                        0,
                        0,
                        0,
                        0,
                        new Mailbox.Depth(0, 0),
                        0,
                        0);
        this.effects =
                new TaskEffects(
                        partition, surroundings, inbox, answer -> answer.accept(dispatcher()));
        this.tenure =
                surroundings
                        .claims()
                        .begin(
                                partition,
                                epoch -> inbox.signal(() -> dispatcher().claimed(epoch)),
                                () -> inbox.signal(this::superseded),
                                () -> inbox.signal(() -> dispatcher().claimsStartOver()));
    }

    /** As it was within the last second; on any thread. */
    PartitionState state() {
        return state;
    }

    /** The place of what the log has at an offset; on the stream thread. */
    long place(long offset) {
        return seams.place(offset);
    }

    /** Has the stream thread do something; on any thread. */
    void ask(Consumer<Dispatcher> question) {
        inbox.signal(() -> question.accept(dispatcher()));
    }

    /** Whether the takeover is done, so that records may be given. */
    boolean isMerged() {
        return merged;
    }

    /**
     * Goes on with the takeover: finds out what a predecessor was given, and reads of it what it
     * may not have finished.
     *
     * @param share how long this may go on; while Kafka is slow it takes longer
     * @return whether it is done
     */
    boolean takeOver(Duration share) {
        long deadline = System.nanoTime() + share.toNanos();
        Duration patience = this.patience.of(share);
        LogReader reader = surroundings.logReaders().mine();
        try {
            Dispatcher taking = dispatcher;
            if (taking == null) {
                taking = open(reader, patience);
            }
            while (!merged) {
                // Past the dispatcher's position if the log does not have the last ones any more.
                if (Math.max(readTo, seams.offset(taking.position())) >= target) {
                    merge(taking, reader);
                } else if (System.nanoTime() - deadline >= 0) {
                    // Else the thread may lie down for a long wait, as there is nothing to poll.
                    waker.call();
                    return false;
                } else {
                    readOn(taking, reader, patience);
                }
            }
        } catch (TimeoutException e) {
            log.debug("Taking over partition {} waits for Kafka", partition, e);
            if (this.patience.timedOut()) {
                log.warn(
                        "Partition {} is not served yet: Kafka does not tell where its log ends,"
                                + " or does not give its records ({})",
                        partition,
                        e.toString());
            }
        }
        return merged;
    }

    /** A record that Kafka Streams hands over. */
    void record(
            long offset,
            long appendTimeMs,
            Headers headers,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        if (offset <= handed) {
            throw changed("lost its records from some place on");
        }
        handed = offset;
        if (!merged) {
            readLater(offset);
            return;
        }
        if (!inbox.isEmpty()) {
            inbox.drain(this, INBOX_BATCH);
        }
        // Offers to any partition of this thread would wait for all that was polled.
        waker.turn();
        give(dispatcher(), offset, appendTimeMs, headers, key, value);
        compareClocks(appendTimeMs);
    }

    /** Time has passed. */
    void tick() {
        Dispatcher ticking = dispatcher;
        if (ticking == null) {
            return;
        }
        Now now = surroundings.now();
        long nowMs = now.monotonicMs();
        StorePass pass = surroundings.pass().get();
        long storedBefore = ticking.counts().storedBytes();
        ticking.allow(pass.begin(partition));
        ticking.tick(now);
        ticked = now;
        effects.tick(now);
        Set<String> live = surroundings.gateways().at(nowMs);
        if (!live.equals(gateways)) {
            gateways = live;
            ticking.gateways(live);
        }
        quiet |= merged && nowMs - recordMs >= QUIET_MS;
        compareTopics(nowMs);
        inbox.drain(this, INBOX_BATCH);
        takeOffers();
        if (claimAgainMs > 0 && nowMs >= claimAgainMs) {
            // Kafka has not taken the partition from this process: the other claim was a late one.
            claimAgainMs = 0;
            tenure.claim();
        }
        long began = System.nanoTime();
        boolean isDone = false;
        while (!isDone && System.nanoTime() - began < WORK_NANOS) {
            isDone = !ticking.work();
        }
        if (!isDone) {
            waker.call();
        }
        pass.stored(ticking.counts().storedBytes() - storedBefore);
        if (metrics != null) {
            metrics.publish(nowMs);
        }
        look(ticking, nowMs);
    }

    private void look(Dispatcher at, long nowMs) {
        if (nowMs - lookedMs < LOOK_MS) {
            return;
        }
        lookedMs = nowMs;
        PartitionState.Phase phase = PartitionState.Phase.SERVING;
        if (!merged || at.heldEpoch() < 0) {
            phase = PartitionState.Phase.OPENING;
        } else if (!at.isSettled()) {
            phase = PartitionState.Phase.SETTLING;
        }
        state =
                new PartitionState(
                        partition,
                        phase,
                        at.heldEpoch(),
                        seams.offset(at.position()),
                        at.watermarkLag(),
                        metrics == null ? 0 : metrics.lagMs(),
                        at.sessions(),
                        at.stored(),
                        at.oldestAgeMs(),
                        at.memoryBytes());
    }

    /** Whether somebody else's claim turned out to be higher, since this was last asked. */
    boolean isFreshlySuperseded() {
        boolean is = freshlySuperseded;
        freshlySuperseded = false;
        return is;
    }

    void close() {
        waker.remove(offers);
        if (dispatcher != null) {
            dispatcher.end();
        }
        effects.end();
        tenure.end();
        surroundings.open().closed(partition, this);
        surroundings.links().close(partition, inbox);
        if (metrics != null) {
            metrics.end();
        }
    }

    @Override
    public void received(OpenLink link, GatewayMessage message) {
        Dispatcher to = dispatcher();
        effects.heardOf(link);
        switch (message) {
            case GatewayMessage.Acknowledged a ->
                    to.acknowledged(link.id(), a.epoch(), a.sessionId(), a.number());
            case GatewayMessage.Opened o ->
                    to.opened(link.id(), link.gateway(), o.epoch(), o.session());
            case GatewayMessage.Offers o -> offered(link, o);
            case GatewayMessage.Closed c -> to.closed(link.id(), c.epoch(), c.sessionId());
            case GatewayMessage.Used _, GatewayMessage.Asked _ -> {
                // Answered where it came in: it is about no message and no session.
            }
            case GatewayMessage.Snapshot s ->
                    to.snapshot(link.id(), link.gateway(), s.epoch(), s.sessions(), s.last());
        }
    }

    @Override
    public void offered(OpenLink link, GatewayMessage.Offers offers) {
        dispatcher().offered(link.id(), offers.epoch(), offers.writer(), offers.offers());
    }

    @Override
    public Whereabouts asked(OpenLink link, long epoch, Address address) {
        return dispatcher().whereabouts(epoch, address);
    }

    @Override
    public void closed(OpenLink link) {
        dispatcher().linkClosed(link.id());
        effects.forget(link);
    }

    /** Also between two looks at the log: nothing is stored by it. */
    private void takeOffers() {
        if (merged) {
            inbox.drainOffers(this);
        }
    }

    /** If nothing was there to be read just now, the record was written just now. */
    private void compareClocks(long appendTimeMs) {
        recordMs = ticked.monotonicMs();
        if (quiet || appendTimeMs - ticked.wallMs() >= FUTURE_MS) {
            Now now = surroundings.now();
            long ageMs = now.wallMs() - appendTimeMs;
            if (ageMs < 0 || (quiet && now.monotonicMs() - recordMs <= AT_ONCE_MS)) {
                surroundings.metrics().skew.read(ageMs, now.monotonicMs());
            }
            quiet = false;
        }
    }

    /**
     * The log that is there is the one that the store is about, or this opening ends. Noted here,
     * and not while a takeover waits.
     */
    private void compareTopics(long nowMs) {
        if (!merged || nowMs - comparedMs < COMPARE_MS) {
            return;
        }
        comparedMs = nowMs;
        if (nowMs - openedMs >= TRUST_MS) {
            surroundings.logReaders().trust(partition);
        }
        UUID is = surroundings.logReaders().topic(nowMs);
        UUID was = seams.topic();
        if (is == null) {
            return;
        }
        if (was == null) {
            // A partition of which nothing was ever read is about no topic yet.
            if (mailboxes.watermark().isPresent()) {
                seams = seams.of(is);
                mailboxes.write(seams);
            }
        } else if (!is.equals(was)) {
            throw changed("was made anew");
        }
    }

    /** The stream thread is replaced, and opens the partition anew. */
    private IllegalStateException changed(String how) {
        surroundings.logReaders().suspect(partition);
        return new IllegalStateException("The log of partition " + partition + " " + how);
    }

    private void superseded() {
        dispatcher().superseded();
        freshlySuperseded = true;
        claimAgainMs = surroundings.now().monotonicMs() + CLAIM_AGAIN_MS;
    }

    private Dispatcher open(LogReader reader, Duration patience) {
        Continuity.Opening opening =
                new Continuity(source, mailboxes, reader, patience)
                        .look(surroundings.logReaders().isSuspect(partition));
        seams = opening.seams();
        long known = opening.committed();
        target = Math.max(target, seams.offset(known));
        Dispatcher opened =
                new Dispatcher(
                        surroundings.settings(),
                        mailboxes,
                        effects,
                        surroundings.memory(),
                        known,
                        surroundings.now());
        dispatcher = opened;
        openedMs = surroundings.now().monotonicMs();
        metrics = surroundings.metrics().new Share(partition, opened);
        return opened;
    }

    /**
     * The takeover reads the record at {@code offset}, too. A commit may pass it before that, but
     * the watermark does not.
     */
    private void readLater(long offset) {
        if (mailboxes.watermark().isEmpty()) {
            mailboxes.writeWatermark(mailboxes.seams().place(offset));
        }
        target = Math.max(target, offset + 1);
    }

    private void readOn(Dispatcher taking, LogReader reader, Duration patience) {
        LogReader.Read read =
                reader.read(source, Math.max(readTo, seams.offset(taking.position())), patience);
        for (ConsumerRecord<byte[], byte[]> r : read.records()) {
            if (r.offset() < target) {
                give(taking, r.offset(), r.timestamp(), r.headers(), r.key(), r.value());
            }
        }
        readTo = read.position();
    }

    private void merge(Dispatcher taking, LogReader reader) {
        reader.rest();
        merged = true;
        taking.merged();
        log.info(
                "Partition {} is taken over, at offset {} of its log",
                partition,
                seams.offset(taking.position()));
    }

    private void give(
            Dispatcher to,
            long offset,
            long appendTimeMs,
            Headers headers,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        Header header = headers.lastHeader(RecordHeader.NAME);
        Taken taken =
                to.record(
                        seams.place(offset),
                        appendTimeMs,
                        header == null ? null : header.value(),
                        key,
                        value);
        switch (taken) {
            case MESSAGE, REPEATED -> {}
            case UNREADABLE ->
                    log.warn("Record {} of {} is no message and was passed", offset, source);
            case PARKED ->
                    log.warn("Record {} of {} has an unknown version; it is kept", offset, source);
        }
    }

    private Dispatcher dispatcher() {
        Dispatcher opened = dispatcher;
        if (opened == null) {
            throw new IllegalStateException("partition " + partition + " is not open yet");
        }
        return opened;
    }
}
