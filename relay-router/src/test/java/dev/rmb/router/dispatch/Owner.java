package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.link.Offer;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** An owner of a partition under test: a log, a store, and a dispatcher over them. */
final class Owner {
    static final long LINK = 1;
    static final String GATEWAY = "gateway-1";
    static final DispatchSettings SETTINGS =
            new DispatchSettings(
                    4,
                    1_000,
                    3,
                    1 << 20,
                    2_000,
                    250,
                    2_000,
                    12 * 3_600_000L,
                    MailboxLimits.DEFAULTS,
                    false,
                    false);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record LogEntry(long appendTimeMs, byte[] header, byte[] key, byte[] value) {}

    private final DispatchSettings settings;
    private final List<LogEntry> log = new ArrayList<>();
    private TreeKeyValues committedStore = new TreeKeyValues();
    private long committed;

    TreeKeyValues store = new TreeKeyValues();
    RecordingEffects effects = new RecordingEffects();
    Dispatcher dispatcher;
    long nowMs = 1_000_000;

    /** Of its machine's clock, before the broker's. */
    long wallAheadMs;

    long epoch;

    Owner() {
        this(SETTINGS);
    }

    Owner(DispatchSettings settings) {
        this.settings = settings;
        this.dispatcher = open();
    }

    static DispatchSettings with(MailboxLimits limits) {
        return with(() -> limits);
    }

    static DispatchSettings with(Supplier<MailboxLimits> limits) {
        return new DispatchSettings(
                SETTINGS.windowMessages(),
                SETTINGS.windowBytes(),
                SETTINGS.waitingMessages(),
                SETTINGS.memoryBytes(),
                SETTINGS.storeAfterMs(),
                SETTINGS.watermarkMs(),
                SETTINGS.settleMs(),
                SETTINGS.lifetimeCapMs(),
                limits,
                false,
                false);
    }

    /** Settings of a relay that is left for its successor. */
    static DispatchSettings passingOn() {
        return new DispatchSettings(
                SETTINGS.windowMessages(),
                SETTINGS.windowBytes(),
                SETTINGS.waitingMessages(),
                SETTINGS.memoryBytes(),
                SETTINGS.storeAfterMs(),
                SETTINGS.watermarkMs(),
                SETTINGS.settleMs(),
                SETTINGS.lifetimeCapMs(),
                SETTINGS.limits(),
                true,
                false);
    }

    /** An owner that has claimed the partition, and whose only gateway has no session yet. */
    static Owner settled() {
        return settled(SETTINGS);
    }

    static Owner settled(DispatchSettings settings) {
        Owner owner = new Owner(settings);
        owner.merge();
        owner.claim();
        owner.dispatcher.gateways(Set.of(GATEWAY));
        owner.snapshot(LINK);
        return owner;
    }

    /** The next owner, with what was committed, and with a gateway that has no session. */
    Owner takenOver() {
        crash().merge();
        claim();
        dispatcher.gateways(Set.of(GATEWAY));
        return snapshot(LINK);
    }

    /** Makes offsets, store writes and the watermark durable, in one step. */
    Owner commit() {
        committedStore = store.copy();
        committed = dispatcher.position();
        return this;
    }

    /** The process dies; another one opens the partition with what was committed. */
    Owner crash() {
        store = committedStore.copy();
        effects = new RecordingEffects();
        dispatcher = open();
        return this;
    }

    /** Gives the new owner what its predecessor may not have finished, and what was not read. */
    Owner merge() {
        while (dispatcher.position() < committed) {
            give(dispatcher.position());
        }
        dispatcher.merged();
        while (dispatcher.position() < log.size()) {
            give(dispatcher.position());
        }
        return this;
    }

    /** Gives the dispatcher the record at that place, again perhaps. */
    Taken give(long offset) {
        LogEntry entry = log.get((int) offset);
        return dispatcher.record(offset, entry.appendTimeMs, entry.header, entry.key, entry.value);
    }

    long claim() {
        epoch += 10;
        dispatcher.claimed(epoch);
        return epoch;
    }

    long send(TestMessage message) {
        return send(TestMessage.header(), message.key(), message.value());
    }

    long send(byte[] header, byte[] key, byte[] value) {
        log.add(new LogEntry(nowMs, header, key, value));
        give(log.size() - 1L);
        return log.size() - 1L;
    }

    /** A record that says which one it is. */
    long log(long writer, long sequence, TestMessage message) {
        byte[] header =
                new RecordHeader(RecordHeader.Kind.PEER, 1_000_000, new Origin(writer, sequence))
                        .encode();
        return send(header, message.key(), message.value());
    }

    /** An offer by a session that wrote its first record as the writer's first. */
    Owner offer(long writer, long sequence, TestMessage message) {
        return offer(writer, sequence, 1, message);
    }

    Owner offer(long writer, long sequence, long first, TestMessage message) {
        dispatcher.offered(
                LINK, epoch, writer, List.of(new Offer(sequence, first, message.value())));
        return this;
    }

    /** What went out to a session, by the sequences of the records. */
    List<Long> sequencesTo(long session) {
        List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < effects.deliveries.size(); i++) {
            Origin origin = effects.origins.get(i);
            if (effects.deliveries.get(i).session() == session && origin != null) {
                sequences.add(origin.sequence());
            }
        }
        return sequences;
    }

    Owner snapshot(long link, SessionInfo... sessions) {
        dispatcher.snapshot(link, GATEWAY, epoch, List.of(sessions), true);
        return this;
    }

    Owner connect(long link, long session, String address) {
        dispatcher.opened(link, GATEWAY, epoch, session(session, address));
        return this;
    }

    SessionInfo session(long id, String address) {
        return new SessionInfo(id, Address.parse(address), nowMs);
    }

    Owner acknowledge(long session, long number) {
        dispatcher.acknowledged(LINK, epoch, session, number);
        return this;
    }

    Owner disconnect(long session) {
        dispatcher.closed(LINK, epoch, session);
        return this;
    }

    Owner lookedUp(long twin, Standing standing) {
        dispatcher.lookedUp(twin, standing);
        return this;
    }

    Owner lookedUpAnew(long twin, Standing standing) {
        dispatcher.lookedUpAnew(twin, standing);
        return this;
    }

    /** Time passes as a running process sees it. */
    Owner pass(long ms) {
        long end = nowMs + ms;
        while (nowMs < end) {
            pause(Math.min(100, end - nowMs));
        }
        return this;
    }

    /** Time passes while the process is stopped. */
    Owner pause(long ms) {
        nowMs += ms;
        dispatcher.tick(now());
        return work();
    }

    Owner work() {
        while (dispatcher.work()) {
            // until there is no more of it
        }
        return this;
    }

    /** The answers given, as offset and text. */
    List<String> told() {
        return effects.refusals.stream().map(r -> r.offset() + " " + r.refusal().text()).toList();
    }

    List<Long> sentTo(long session) {
        return effects.offsetsTo(session);
    }

    long watermark() {
        return new Mailboxes(store).watermark().orElse(-1);
    }

    long stored() {
        return store.count('m');
    }

    /** What time it is for this owner. */
    Now now() {
        return new Now(nowMs, nowMs + wallAheadMs);
    }

    private Dispatcher open() {
        return new Dispatcher(
                settings,
                new Mailboxes(store),
                effects,
                new TestMemory(settings.memoryBytes()),
                committed,
                now());
    }
}
