package dev.rmb.router.dispatch;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.UnknownRecordException;
import dev.rmb.cluster.link.Offer;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.cluster.trace.Fate;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import dev.rmb.router.mailbox.Mailbox;
import dev.rmb.router.mailbox.Mailboxes;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of every message of one partition, from its opening to its closing: a pure
 * state machine for one thread. Its inputs are the methods; what it does goes to {@link Mailboxes}
 * and {@link Effects}. Time is what {@link #tick} last said.
 *
 * <p>A partition is opened like this: the constructor tells from where on the log is needed; the
 * records from {@link #position()} to the committed offset are given to {@link #record}, in order;
 * then {@link #merged()}. A claim may be announced at any time. Nothing is sent before both.
 *
 * <p>A claim's epoch is part of what gateways say. What names an older claim than the present one
 * is ignored; what names a newer one is kept until that is announced, because a gateway may hear of
 * a claim before its owner does.
 */
public final class Dispatcher {
    /** Things said under a claim that is not announced yet. */
    private static final int MAX_EARLY = 16_384;

    /** Mailboxes and twins that have a turn in one {@link #work}. */
    private static final int TURNS = 32;

    private static final long FORGET_MS = 10_000;
    private static final long NO_EPOCH = -1;

    private final DispatchSettings settings;
    private final Mailboxes mailboxes;
    private final Effects effects;
    private final Counts counts = new Counts();
    private final Memory memory;
    private final Refusals refusals;
    private final Watermark watermark;
    private final Keeping keeping;
    private final Deliveries deliveries;
    private final Offers offers;
    private final Offline offline;
    private final Outbound outbound;
    private final Room room;
    private final Expiry expiry;
    private final Purges purges;
    private final Search search;
    private final Twins twins;
    private final Presence presence;
    private final Early early = new Early(MAX_EARLY);

    /** Records below were handed to a predecessor: some are stored or refused already. */
    private final long committed;

    /** Of the clock that only goes on. */
    private long nowMs;

    private long wallMs;
    private long lagMs;
    private long forgetMs;
    private long epoch = NO_EPOCH;

    /** The claim of that epoch is the highest that is known of. */
    private boolean holdsClaim;

    /**
     * Takes the partition over.
     *
     * @param shared by all partitions of this process
     * @param committed the log offset from which on no owner has read; 0 if there never was one
     */
    public Dispatcher(
            DispatchSettings settings,
            Mailboxes mailboxes,
            Effects effects,
            SharedMemory shared,
            long committed,
            Now now) {
        this.settings = settings;
        this.mailboxes = mailboxes;
        this.effects = effects;
        this.committed = committed;
        this.nowMs = now.monotonicMs();
        this.wallMs = now.wallMs();
        this.forgetMs = nowMs;
        this.memory = new Memory(shared);
        this.refusals = new Refusals(mailboxes, effects, counts);
        this.room = new Room(settings, mailboxes);
        this.twins = new Twins(mailboxes, room);
        this.watermark = new Watermark(mailboxes, refusals, settings.watermarkMs());
        Deadlines deadlines = new Deadlines();
        this.keeping = new Keeping(mailboxes, memory, room, deadlines, counts);
        this.outbound =
                new Outbound(settings, mailboxes, effects, keeping, refusals, room, twins, counts);
        this.offline =
                new Offline(
                        settings, mailboxes, effects, keeping, refusals, memory, room, twins,
                        outbound, counts);
        this.expiry = new Expiry(mailboxes, twins, room, deadlines, offline, refusals, counts, now);
        this.purges = new Purges(mailboxes, twins, room, offline, refusals, counts);
        this.search = new Search(mailboxes, twins, refusals, offline, watermark);
        this.deliveries = new Deliveries(settings, effects, keeping, memory, expiry, counts);
        this.offers = new Offers(twins, deliveries, room, memory, counts);
        this.presence =
                new Presence(
                        settings, twins, effects, keeping, deliveries, offline, offers, counts);
        OptionalLong stored = mailboxes.watermark();
        long from =
                settings.ignoreWatermark()
                        ? committed
                        : Math.min(stored.orElse(committed), committed);
        watermark.begin(stored, from);
        refusals.begin(from);
        for (long twin : mailboxes.undecidedTwins()) {
            TwinQueues queues = twins.twin(twin);
            queues.storedUndecided = true;
            queues.isMarked = true;
        }
    }

    /** The lowest offset that was not given to {@link #record} yet. */
    public long position() {
        return watermark.position();
    }

    /** Everything below the committed offset was given to {@link #record}: sending may begin. */
    public void merged() {
        // The log may not have the last of them any more.
        watermark.reached(committed);
        deliveries.merged();
        outbound.merged();
        for (TwinQueues twin : twins.all()) {
            for (AddressQueue queue : twin.queues()) {
                deliveries.pump(queue, nowMs);
            }
        }
    }

    /**
     * A record of the log. Those that were given before are recognised and ignored.
     *
     * @param appendTimeMs by the broker's clock
     * @param header value of the record header {@code rmb}; {@code null} if there is none
     * @param value must not be changed by anybody
     */
    public Taken record(
            long offset,
            long appendTimeMs,
            byte @Nullable [] header,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        if (offset < watermark.position()) {
            counts.repeated++;
            return Taken.REPEATED;
        }
        counts.records++;
        lagMs = Math.max(lagMs, wallMs - appendTimeMs);
        watermark.read(offset, nowMs);
        if (header == null || key == null || value == null) {
            counts.unreadable++;
            return Taken.UNREADABLE;
        }
        Origin origin;
        try {
            origin = RecordHeader.decode(header).origin();
        } catch (UnknownRecordException e) {
            counts.parked++;
            mailboxes.park(offset, appendTimeMs, header, key, value);
            return Taken.PARKED;
        }
        Message beside = origin == null ? null : offers.logged(origin, nowMs);
        EnvelopeHeader envelope = read(key, value);
        if (envelope == null) {
            counts.unreadable++;
            return Taken.UNREADABLE;
        }
        place(offset, appendTimeMs, header, envelope, value, beside);
        if (origin != null) {
            offers.placed(origin, nowMs);
        }
        return Taken.MESSAGE;
    }

    /**
     * What a gateway has just handed to its producer: some of it may go out before the log brings
     * it. Whoever names another claim than the present one is not heard, now or later.
     *
     * @param writer the producer
     */
    public void offered(long link, long epoch, long writer, List<Offer> offered) {
        if (holdsClaim && epoch == this.epoch) {
            offers.offered(link, writer, offered, nowMs);
            offers.report(effects, epoch, nowMs);
        }
    }

    /** A part of a gateway's snapshot. */
    public void snapshot(
            long link, String gateway, long epoch, List<SessionInfo> sessions, boolean last) {
        if (isNow(epoch, link, () -> snapshot(link, gateway, epoch, sessions, last))) {
            presence.snapshot(link, gateway, sessions, last, nowMs);
            settle();
        }
    }

    /** A client connected. */
    public void opened(long link, String gateway, long epoch, SessionInfo session) {
        if (isNow(epoch, link, () -> opened(link, gateway, epoch, session))) {
            presence.opened(link, gateway, session, nowMs);
        }
    }

    /** A session ended. */
    public void closed(long link, long epoch, long sessionId) {
        if (isNow(epoch, link, () -> closed(link, epoch, sessionId))) {
            presence.closed(link, sessionId, nowMs);
        }
    }

    /** A session confirmed its deliveries up to {@code number}. */
    public void acknowledged(long link, long epoch, long sessionId, long number) {
        if (isNow(epoch, link, () -> acknowledged(link, epoch, sessionId, number))) {
            Session session = presence.find(link, sessionId);
            if (session != null) {
                deliveries.acknowledged(session, number, nowMs);
            }
        }
    }

    /** A link ended; its id is not used again. */
    public void linkClosed(long link) {
        early.forget(link);
        offers.linkClosed(link);
        presence.linkClosed(link, nowMs);
        settle();
    }

    /** The partition is claimed, under this epoch. */
    public void claimed(long epoch) {
        if (epoch <= this.epoch) {
            return;
        }
        this.epoch = epoch;
        this.holdsClaim = true;
        deliveries.epoch(epoch);
        offers.forgetHeld();
        presence.claimed(epoch, nowMs);
        early.replay(epoch);
        settle();
    }

    /** Somebody else has a higher claim: nothing more is sent until the next one of our own. */
    public void superseded() {
        holdsClaim = false;
        offers.forgetHeld();
        presence.forgetAll(nowMs);
    }

    /**
     * Epochs start over (delivery.md, 5): the next claim of our own may be lower than all before,
     * and nothing is sent until then.
     */
    public void claimsStartOver() {
        epoch = NO_EPOCH;
        early.clear();
        superseded();
    }

    /** The pods that are alive and gateways. */
    public void gateways(Set<String> live) {
        presence.gateways(live);
        settle();
    }

    /** The directory answered. */
    public void lookedUp(long twin, Standing standing) {
        TwinQueues queues = twins.find(twin);
        if (queues != null) {
            offline.lookedUp(queues, standing, false, nowMs);
        }
    }

    /** The directory answered what it was asked anew. */
    public void lookedUpAnew(long twin, Standing standing) {
        TwinQueues queues = twins.find(twin);
        if (queues != null) {
            offline.lookedUp(queues, standing, true, nowMs);
        }
    }

    /** The directory could not answer; that does not mean that there is no such twin. */
    public void lookUpFailed(long twin) {
        TwinQueues queues = twins.find(twin);
        if (queues != null) {
            offline.lookUpFailed(queues, false, nowMs);
        }
    }

    /** It could not be asked anew. */
    public void lookUpAnewFailed(long twin) {
        TwinQueues queues = twins.find(twin);
        if (queues != null) {
            offline.lookUpFailed(queues, true, nowMs);
        }
    }

    /**
     * What came of a message that was handed to federation.
     *
     * @param ticket as {@link Effects#post} was given it
     */
    public void posted(Address to, long ticket, long offset, Posted what) {
        TwinQueues twin = twins.find(to.twin());
        AddressQueue queue = twin == null ? null : twin.find(to);
        if (queue != null) {
            outbound.posted(queue, ticket, offset, what, offline, nowMs);
        }
    }

    /** Another relay answers again, others than before perhaps: what was put off keeps its time. */
    public void relayIsBack(String domain) {
        outbound.isBack(domain);
    }

    /** Another relay is to be tried at once. */
    public void relayIsReset(String domain) {
        outbound.isReset(domain);
    }

    /**
     * What came of a refusal.
     *
     * @param accepted whether the log has the answer; if not, it is tried again
     */
    public void answered(long offset, boolean accepted) {
        refusals.answered(offset, accepted, nowMs);
    }

    /**
     * Bounds what is stored until this is called again, as far as that can wait.
     *
     * @param bytes of envelopes; the last one may go beyond
     */
    public void allow(long bytes) {
        keeping.allow(bytes);
    }

    /**
     * Empties a mailbox, as an operator wishes, of what is stored in it by now.
     *
     * @param then is told when it is done; never if this owner ends before
     * @return {@code false} if too many others are being emptied
     */
    public boolean purge(Address address, Consumer<Purged> then) {
        return purges.add(address, watermark.position(), then);
    }

    /** Decides anew on what is stored for a twin: it may live elsewhere by now. */
    public void decideAnew(long twin) {
        TwinQueues queues = twins.twin(twin);
        queues.storedUndecided = true;
        keeping.mark(queues);
        offline.storedUndecided(queues);
    }

    /** Where a message is now; one of which nothing is known is done with. */
    public MessageStatus statusOf(Address address, long place) {
        return search.find(address, place);
    }

    /** Time passes. To be called every few milliseconds, and before a batch of other inputs. */
    public void tick(Now now) {
        // A machine that was suspended may tell it by one of its clocks only.
        long passedMs = Math.max(now.monotonicMs() - nowMs, now.wallMs() - wallMs);
        nowMs = now.monotonicMs();
        wallMs = now.wallMs();
        if (passedMs > settings.settleMs()) {
            // This process was paused, and may not be the owner any more.
            presence.distrust(nowMs);
        }
        settle();
        offline.tick(nowMs);
        refusals.retry(nowMs);
        expiry.tick(now);
        storeOld();
        watermark.advance(nowMs);
        if (holdsClaim) {
            offers.report(effects, epoch, nowMs);
        }
        if (nowMs - forgetMs >= FORGET_MS) {
            forgetMs = nowMs;
            outbound.follow(offline, nowMs);
            twins.forgetIdle(nowMs);
            offers.forgetOld(nowMs);
        }
    }

    /**
     * Does a share of what takes long: draining mailboxes, deciding on stored messages.
     *
     * @return whether there is more that could be done now
     */
    public boolean work() {
        boolean more = deliveries.work(presence.links(), TURNS, nowMs);
        more |= offline.work(nowMs);
        more |= purges.work();
        more |= outbound.work(offline, expiry, nowMs);
        return expiry.work(nowMs) || more;
    }

    public Counts counts() {
        return counts;
    }

    /** Bytes of messages in memory. */
    public long memoryBytes() {
        return memory.held();
    }

    /**
     * Whether the address is connected, as far as is known under that claim: that it is not, only
     * once this owner has settled, and none of its sessions may still be there.
     */
    public Whereabouts whereabouts(long epoch, Address address) {
        if (!holdsClaim || epoch != this.epoch) {
            return Whereabouts.UNKNOWN;
        }
        TwinQueues twin = twins.find(address.twin());
        AddressQueue queue = twin == null ? null : twin.find(address);
        if (queue != null && queue.session != null) {
            return Whereabouts.CONNECTED;
        }
        boolean mayBeBack = queue != null && queue.graceUntilMs > nowMs;
        return offline.isSettled() && !mayBeBack ? Whereabouts.OFFLINE : Whereabouts.UNKNOWN;
    }

    /** What the mailboxes hold. A new owner counts it by and by: less than there is, at first. */
    public Mailbox.Depth stored() {
        return mailboxes.stock().depth();
    }

    /** How old the oldest message in a mailbox was when that was last looked at, and is since. */
    public long oldestAgeMs() {
        return expiry.oldestAgeMs();
    }

    /**
     * How long the log had a record before it was given, at most, since this was last asked; 0 if
     * none was given.
     */
    public long takeLagMs() {
        long lag = lagMs;
        lagMs = 0;
        return lag;
    }

    /** Under which the partition is claimed; -1 while it is not, or somebody else has a higher. */
    public long heldEpoch() {
        return holdsClaim ? epoch : NO_EPOCH;
    }

    /** Whether it is known who is connected: addresses without session count as offline. */
    public boolean isSettled() {
        return offline.isSettled();
    }

    /** How many clients are connected. */
    public int sessions() {
        return presence.sessions();
    }

    /** Offsets between what was read and the watermark that is in the store. */
    public long watermarkLag() {
        return watermark.written() < 0 ? 0 : watermark.position() - watermark.written();
    }

    /** The partition is closed: what is in memory is let go. */
    public void end() {
        memory.end();
        outbound.end();
    }

    /** Everything that is in memory. */
    Twins twins() {
        return twins;
    }

    private static @Nullable EnvelopeHeader read(byte[] key, byte[] value) {
        try {
            EnvelopeHeader header = EnvelopeHeader.scan(value);
            return header.destinationTwin() == 0
                            || header.destinationTwin() != Partitioning.twin(key)
                    ? null
                    : header;
        } catch (MalformedEnvelopeException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * @param beside what was delivered of it before; {@code null} if it was not
     */
    private void place(
            long offset,
            long appendTimeMs,
            byte[] header,
            EnvelopeHeader envelope,
            byte[] value,
            @Nullable Message beside) {
        AddressQueue queue = twins.queue(envelope);
        if (offset < committed && (refusals.contains(offset) || queue.mailbox.contains(offset))) {
            return;
        }
        counts.messages++;
        Message message =
                new Message(
                        queue,
                        offset,
                        appendTimeMs,
                        appendTimeMs + lifetimeMs(envelope.expiration()),
                        nowMs,
                        header,
                        value);
        Session session = queue.session;
        if (beside != null && isDelivered(beside, message)) {
            return;
        }
        // What a predecessor was given it has accepted.
        if (offset >= committed
                && beside == null
                && !room.isFor(queue, message.size)
                && (session != null
                        || !offline.isRefusedAnyway(
                                queue, envelope, message.mayNotWait(), nowMs))) {
            if (room.isPartitionFull(message.size)) {
                counts.partitionFull++;
            }
            refusals.refuse(offset, envelope, Reason.MAILBOX_FULL);
            return;
        }
        room.take(message);
        watermark.add(message);
        memory.take(message);
        if (session != null) {
            deliveries.offer(queue, session, message, nowMs);
        } else {
            offline.place(queue, message, envelope, nowMs);
        }
    }

    /**
     * The record of an offer that was delivered. If it is still under way, it is a message like any
     * other from now on; but where something waits that stands before it in the log, the record
     * takes its place behind that, and the gateway sees that it was written.
     */
    private boolean isDelivered(Message beside, Message record) {
        if (beside.settled) {
            counts.offersConfirmedFirst++;
            effects.ended(record.offset, Fate.ACKNOWLEDGED, beside.confirmedBy);
            return true;
        }
        AddressQueue queue = beside.queue;
        Session session = queue.session;
        if (session == null || !queue.restIsEmpty || !queue.waiting.isEmpty()) {
            offers.forget(beside);
            return false;
        }
        beside.logged(record);
        session.firstOffset = Math.min(session.firstOffset, record.offset);
        watermark.add(beside);
        memory.take(beside);
        if (memory.isFull()) {
            keeping.inFlight(beside);
        }
        return true;
    }

    /** Senders' clocks are wrong: their expiration counts from the append time (delivery.md, 8). */
    private long lifetimeMs(long expirationSeconds) {
        long capSeconds = settings.lifetimeCapMs() / 1_000;
        return Long.compareUnsigned(expirationSeconds, capSeconds) > 0
                ? settings.lifetimeCapMs()
                : expirationSeconds * 1_000;
    }

    /** Whether what was said counts now; if it is early, {@code again} says it later. */
    private boolean isNow(long said, long link, Runnable again) {
        if (said > epoch && !early.add(said, link, again)) {
            counts.linksOverrun++;
            effects.closeLink(link);
        }
        return holdsClaim && said == epoch;
    }

    private void settle() {
        if (!holdsClaim || offline.isSettled() || !presence.isSettled(nowMs)) {
            return;
        }
        offline.settled(true);
        for (TwinQueues twin : List.copyOf(twins.all())) {
            for (AddressQueue queue : List.copyOf(twin.queues())) {
                offline.decide(queue, nowMs);
            }
            offline.storedUndecided(twin);
        }
    }

    private void storeOld() {
        Message oldest;
        while (keeping.mayStore()
                && (oldest = watermark.oldest()) != null
                && nowMs - oldest.readMs >= settings.storeAfterMs()) {
            if (oldest.isInFlight()) {
                keeping.inFlight(oldest);
            } else {
                keeping.spill(oldest.queue, oldest.queue.session == null);
            }
        }
    }
}
