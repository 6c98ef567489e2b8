package dev.rmb.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Refusal;
import dev.rmb.router.mailbox.Seams;
import dev.rmb.router.mailbox.WatchedKeyValues;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A router's process with the partition open, as it sees things. It may be a zombie. */
final class SimOwner implements Effects, WatchedKeyValues.Watcher {
    final Map<Long, SimLink> links = new LinkedHashMap<>();
    final ArrayDeque<Long> lookUps = new ArrayDeque<>();
    final ArrayDeque<Long> lookUpsAnew = new ArrayDeque<>();
    final ArrayDeque<Long> refusals = new ArrayDeque<>();

    /** Under way to another relay, and to be answered. */
    final Map<Address, Post> posts = new LinkedHashMap<>();

    /** What another relay is known to have accepted, or to have refused. */
    private final Set<Long> acceptedElsewhere = new HashSet<>();

    private final Set<Long> refusedElsewhere = new HashSet<>();

    /** Some round failed, so that what must not wait may be given up. */
    private boolean someFailed;

    final WatchedKeyValues store;
    final Mailboxes mailboxes;
    final Dispatcher dispatcher;
    final DispatchSettings settings;

    /** What it decided not to deliver, and what it knows to have arrived. */
    final Set<Long> decided = new HashSet<>();

    final Set<SimLog.Entry> acknowledged = new HashSet<>();

    /** Below, a predecessor accepted. */
    final long committed;

    /** For which predecessors accepted something that still waits, or did when last looked at. */
    final Set<Address> inherited = new HashSet<>();

    /** Whoever was connected may hold mail beyond the bounds of its twin. */
    final Set<Address> connected = new HashSet<>();

    /** By twin, the most that was there of what predecessors accepted. */
    final Map<Long, Audit.Inherited> inheritedMost = new HashMap<>();

    private final SimLog log;
    private final Seams seams;
    private final Set<Long> decidedBefore;
    private final Set<String> gateways;

    /** When the link of an address's session was lost. */
    private final Map<Address, Long> lost = new HashMap<>();

    /** Under which it may send. */
    private long epoch = -1;

    private boolean holdsClaim;
    private boolean isSettled;
    private boolean wasPaused;
    private long unsettledMs;

    /** What is under way to each session, in order. */
    private final Map<Long, ArrayDeque<SimLog.Entry>> sent = new HashMap<>();

    /** The same, over all its links, confirmed or not. */
    private final Map<Long, Set<SimLog.Entry>> everSent = new HashMap<>();

    private boolean merged;
    private @Nullable Long confirming;
    private long nowMs;

    /** By its own clock, which may be wrong. */
    private long wallMs;

    /** By how much; counts from the next tick on. */
    long wallAheadMs;

    /** Up to where the takeover reads: the committed offset, and what was handed over since. */
    private long target;

    /** How many claims it has heard of. */
    int read;

    /** Messages of an address, the first of which is under way. */
    record Post(long ticket, ArrayDeque<Long> offsets) {}

    SimOwner(
            SimLog log,
            DispatchSettings settings,
            long nowMs,
            long wallAheadMs,
            Set<String> gateways) {
        this.log = log;
        this.settings = settings;
        this.nowMs = nowMs;
        this.wallAheadMs = wallAheadMs;
        this.wallMs = nowMs + wallAheadMs;
        this.gateways = gateways;
        this.store = new WatchedKeyValues(log.committedStore(), this);
        this.mailboxes = new Mailboxes(store);
        this.seams = log.seams();
        // Whoever never committed anything begins with the log's first record.
        this.committed =
                mailboxes.watermark().isEmpty()
                        ? log.committedOffset()
                        : Math.max(log.committedOffset(), seams.lastPlace());
        this.target = committed;
        this.decidedBefore = Set.copyOf(log.decidedForGood);
        this.read = log.claims.size();
        this.dispatcher =
                new Dispatcher(
                        settings,
                        mailboxes,
                        this,
                        new TestMemory(settings.memoryBytes()),
                        committed,
                        new Now(nowMs, wallMs));
        this.dispatcher.gateways(gateways);
        log.fence(this);
    }

    boolean isMerged() {
        return merged;
    }

    void tick(long nowMs) {
        long wallMs = nowMs + wallAheadMs;
        if (Math.max(nowMs - this.nowMs, wallMs - this.wallMs) > settings.settleMs()) {
            wasPaused = true;
            unsettle(nowMs);
        }
        this.nowMs = nowMs;
        this.wallMs = wallMs;
        settle();
        dispatcher.tick(new Now(nowMs, wallMs));
    }

    /** Reads the next record, or finds that the takeover is done. */
    void read() {
        long offset = seams.offset(dispatcher.position());
        if (!merged && offset >= seams.offset(target)) {
            merged = true;
            dispatcher.merged();
        } else if (offset < log.end()) {
            SimLog.Entry entry = log.at(offset);
            dispatcher.record(
                    seams.place(offset),
                    entry.appendTimeMs(),
                    entry.header(),
                    entry.key(),
                    entry.value());
        }
    }

    /** Is handed the next record while the takeover is still reading what is before it. */
    void handOver() {
        if (!merged && seams.offset(target) < log.end()) {
            if (mailboxes.watermark().isEmpty()) {
                mailboxes.writeWatermark(target);
            }
            target++;
        }
    }

    /** Whether there is nothing more to read. */
    boolean isAtEnd() {
        return seams.offset(dispatcher.position()) == log.end();
    }

    /** Returns {@code false} if it is fenced. */
    boolean commit() {
        return log.commit(this, merged ? dispatcher.position() : target);
    }

    /** Hears of the next claim: its own, or another's. */
    void readClaim(boolean isOwner) {
        int claim = read++;
        if (log.claims.get(claim) == this) {
            epoch = claim;
            holdsClaim = true;
            wasPaused = false;
            unsettle(nowMs);
            settle();
            dispatcher.claimed(claim);
            seeConnected();
        } else {
            holdsClaim = false;
            isSettled = false;
            dispatcher.superseded();
            if (isOwner) {
                log.claims.add(this);
            }
        }
    }

    void linkClosed(SimLink link) {
        for (Address address : Simulation.ADDRESSES) {
            AddressQueue queue = queue(address);
            if (queue != null && queue.session != null && queue.session.link.id == link.id) {
                lost.put(address, nowMs);
            }
        }
        links.remove(link.id);
        dispatcher.linkClosed(link.id);
    }

    /** Some are connected between two audits only. */
    private void seeConnected() {
        for (Address address : Simulation.ADDRESSES) {
            AddressQueue queue = queue(address);
            if (queue != null && queue.session != null) {
                connected.add(address);
            }
        }
    }

    private void forgetFound() {
        lost.keySet()
                .removeIf(address -> {
                    AddressQueue queue = queue(address);
                    return queue != null && queue.session != null;
                });
    }

    /** When offline may count as offline: delivery.md, 6. */
    private void settle() {
        Set<String> heard = new HashSet<>();
        for (SimLink link : links.values()) {
            if (link.snapshotEpoch == epoch) {
                heard.add(link.gateway.name);
            }
        }
        isSettled |=
                holdsClaim
                        && (nowMs - unsettledMs >= settings.settleMs()
                                || (!wasPaused && heard.containsAll(gateways)));
    }

    private void unsettle(long nowMs) {
        isSettled = false;
        unsettledMs = nowMs;
    }

    void receive(SimLink from, GatewayMessage message) {
        long epoch = message.epoch();
        switch (message) {
            case GatewayMessage.Snapshot s -> {
                if (s.last()) {
                    from.snapshotEpoch = Math.max(from.snapshotEpoch, epoch);
                    settle();
                }
                dispatcher.snapshot(from.id, from.gateway.name, epoch, s.sessions(), s.last());
            }
            case GatewayMessage.Offers o -> {
                long before = dispatcher.counts().offersTaken();
                dispatcher.offered(from.id, epoch, o.writer(), o.offers());
                assertThat(
                                dispatcher.counts().offersTaken() == before
                                        || (holdsClaim && epoch == this.epoch))
                        .as("an offer under another claim is taken")
                        .isTrue();
            }
            case GatewayMessage.Used _, GatewayMessage.Asked _ -> {}
            case GatewayMessage.Opened o ->
                    dispatcher.opened(from.id, from.gateway.name, epoch, o.session());
            case GatewayMessage.Closed c -> dispatcher.closed(from.id, epoch, c.sessionId());
            case GatewayMessage.Acknowledged a -> {
                long before = dispatcher.counts().acknowledged();
                confirming = a.sessionId();
                dispatcher.acknowledged(from.id, epoch, a.sessionId(), a.number());
                confirming = null;
                long confirmed = dispatcher.counts().acknowledged() - before;
                for (long i = 0; i < confirmed; i++) {
                    acknowledged.add(sentTo(a.sessionId()).remove());
                }
            }
        }
        seeConnected();
        forgetFound();
    }

    @Override
    public void deliver(
            long link,
            long epoch,
            long sessionId,
            long number,
            long offset,
            byte[] envelope,
            @Nullable Origin origin) {
        SimLog.Entry entry =
                offset == RouterMessage.Deliver.NOT_LOGGED
                        ? Objects.requireNonNull(log.sent.get(origin))
                        : log.entries.get((int) offset);
        assertThat(origin).as("which record it is").isEqualTo(entry.origin);
        entry.wasOffered |= offset == RouterMessage.Deliver.NOT_LOGGED;
        assertThat(decided.contains(entry.place) || decidedBefore.contains(entry.place))
                .as("%s is delivered, and was refused or dropped", entry)
                .isFalse();
        assertThat(holdsClaim && epoch == this.epoch).as("sent without the claim").isTrue();
        assertThat(merged).as("%s is sent before the takeover is done", entry).isTrue();
        if (offset != RouterMessage.Deliver.NOT_LOGGED
                && store.mailOf(Address.parse(entry.address())).containsKey(offset)
                && !entry.mayNotWait()
                && !everSentTo(sessionId).contains(entry)) {
            assertThat(entry.deadlineMs())
                    .as("message %d comes out of the mailbox, and has expired", offset)
                    .isGreaterThan(wallMs);
        }
        if (number == 1) {
            sent.put(sessionId, new ArrayDeque<>());
        }
        sentTo(sessionId).add(entry);
        everSentTo(sessionId).add(entry);
        SimLink to = links.get(link);
        if (to != null) {
            assertThat(to.snapshotEpoch).as("sent before the snapshot").isEqualTo(epoch);
            to.toGateway.add(
                    new RouterMessage.Deliver(
                            SimGateway.PARTITION,
                            epoch,
                            sessionId,
                            number,
                            offset,
                            envelope,
                            origin));
        }
    }

    @Override
    public void offersSeen(long link, long epoch, int taken, int left) {}

    @Override
    public void ended(long offset, Fate fate, long subject) {}

    @Override
    public void evict(long link, long epoch, long sessionId) {
        SimLink to = links.get(link);
        if (to != null) {
            to.toGateway.add(new RouterMessage.Evict(SimGateway.PARTITION, epoch, sessionId));
        }
    }

    @Override
    public boolean isWritable(long link) {
        SimLink to = links.get(link);
        return to == null || to.writable;
    }

    @Override
    public void closeLink(long link) {
        throw new IllegalStateException("no gateway of the simulation says so much");
    }

    @Override
    public void lookUp(long twin) {
        lookUps.add(twin);
    }

    @Override
    public void lookUpAnew(long twin) {
        lookUpsAnew.add(twin);
    }

    @Override
    public boolean mayPost(List<String> relays) {
        return true;
    }

    @Override
    public void post(long ticket, Address to, List<String> relays, List<Outgoing> messages) {
        assertThat(holdsClaim && isSettled).as("POSTed before it is settled").isTrue();
        assertThat(merged).as("POSTed before the takeover is done").isTrue();
        assertThat(posts).as("one at a time").doesNotContainKey(to);
        assertThat(to.twin()).isEqualTo(Simulation.ELSEWHERE);
        ArrayDeque<Long> offsets = new ArrayDeque<>();
        for (Outgoing message : messages) {
            long offset = message.offset();
            assertThat(decided.contains(offset) || decidedBefore.contains(offset))
                    .as("message %d is POSTed, and was refused or dropped", offset)
                    .isFalse();
            assertThat(store.mailOf(to)).as("POSTed from the mailbox").containsKey(offset);
            offsets.add(offset);
        }
        assertThat(List.copyOf(offsets)).isSorted();
        posts.put(to, new Post(ticket, offsets));
    }

    /** Another relay answers for the first message that is under way to an address. */
    void answer(Address to, Posted what) {
        Post post = Objects.requireNonNull(posts.get(to));
        long offset = post.offsets().remove();
        if (what != Posted.ACCEPTED || post.offsets().isEmpty()) {
            posts.remove(to);
        }
        switch (what) {
            case ACCEPTED -> acceptedElsewhere.add(offset);
            case OFFLINE, NOT_THERE, REFUSED, NO_USABLE_RELAY -> refusedElsewhere.add(offset);
            case FAILED, NOT_TRIED -> someFailed = true;
        }
        dispatcher.posted(to, post.ticket(), offset, what);
    }

    @Override
    public long pauseMs(int failures) {
        return 1_000;
    }

    @Override
    public void waiting(List<String> relays, int more) {}

    @Override
    public void refuse(long offset, Refusal refusal) {
        refusals.add(offset);
    }

    @Override
    public void refused(long offset, @Nullable String text) {
        SimLog.Entry entry = log.entries.get((int) offset);
        assertThat(text != null && !entry.isRequest()).as("an answer to an answer").isFalse();
        decide(offset, text);
    }

    @Override
    public void deleted(long offset) {
        boolean isConfirmed =
                confirming != null && sentTo(confirming).contains(log.entries.get((int) offset));
        if (acceptedElsewhere.contains(offset)) {
            acknowledged.add(log.entries.get((int) offset));
        } else if (!isConfirmed) {
            decide(offset, null);
        }
    }

    /** There must be a reason, and the one that is given. */
    private void decide(long offset, @Nullable String text) {
        SimLog.Entry entry = log.entries.get((int) offset);
        // What went out beside the log, and ahead of its place in it, has that place nevertheless.
        assertThat(acknowledged.contains(entry) && !entry.wasOffered)
                .as("message %d is refused, and was confirmed", offset)
                .isFalse();
        Address address = Address.parse(entry.address());
        AddressQueue queue = queue(address);
        Session session = queue == null ? null : queue.session;
        boolean isOffline =
                session == null
                        && isSettled
                        && nowMs - lost.getOrDefault(address, 0L) >= settings.settleMs();
        if (session != null) {
            for (Message m = session.inFlight.first(); m != null; m = m.next) {
                assertThat(m.offset).as("in flight, and taken out").isNotEqualTo(offset);
            }
        }
        boolean isVoid = !entry.mayNotWait() && entry.deadlineMs() <= wallMs;
        boolean isFull =
                offset >= committed
                        && offset == dispatcher.position() - 1
                        && !new Audit(this).hasRoom(address, offset);
        Reason reason = null;
        for (Reason r : Reason.values()) {
            if (r.text.equals(text)) {
                reason = r;
            }
        }
        boolean isRight =
                text == null
                        ? entry.mayNotWait()
                                || isVoid
                                || isFull
                                || (isOffline && (!entry.isKnown() || entry.isFailFast()))
                                || (isOffline && refusedElsewhere.contains(offset))
                        : reason != null
                                && switch (reason) {
                                    case UNKNOWN_TWIN -> isOffline && !entry.isKnown();
                                    case NO_RELAY -> false;
                                    case DESTINATION_OFFLINE, RELAY_REFUSED ->
                                            isOffline
                                                    && entry.isKnown()
                                                    && (refusedElsewhere.contains(offset)
                                                            || (entry.isFailFast()
                                                                    && (someFailed
                                                                            || !entry
                                                                                    .isElsewhere())));
                                    case MAILBOX_FULL -> isFull;
                                    case EXPIRED -> isVoid;
                                    case NO_USABLE_RELAY ->
                                            isOffline && refusedElsewhere.contains(offset);
                                    case PURGED, NOT_OF_THIS_RELAY -> false;
                                };
        assertThat(isRight)
                .as("message %d to %s is not delivered: %s", offset, entry.address(), text)
                .isTrue();
        decided.add(offset);
        log.decided.add(offset);
    }

    private Set<SimLog.Entry> everSentTo(long session) {
        return everSent.computeIfAbsent(session, _ -> new HashSet<>());
    }

    private ArrayDeque<SimLog.Entry> sentTo(long session) {
        return sent.computeIfAbsent(session, _ -> new ArrayDeque<>());
    }

    int sizeAt(long offset) {
        return log.entries.get((int) offset).value().length;
    }

    private @Nullable AddressQueue queue(Address address) {
        TwinQueues twin = dispatcher.twins().find(address.twin());
        return twin == null ? null : twin.find(address);
    }
}
