package dev.rmb.router.dispatch;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.router.mailbox.Mailboxes;
import dev.rmb.router.mailbox.Refusal;
import dev.rmb.router.mailbox.TreeKeyValues;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A router's process with the partition open, as it sees things. It may be a zombie. */
final class SimOwner implements Effects {
    private static final DispatchSettings SETTINGS =
            new DispatchSettings(
                    4,
                    2_000,
                    3,
                    6_000,
                    2_000,
                    250,
                    2_000,
                    12 * 3_600_000L,
                    MailboxLimits.DEFAULTS,
                    false);

    final Map<Long, SimLink> links = new LinkedHashMap<>();
    final ArrayDeque<Long> lookUps = new ArrayDeque<>();
    final ArrayDeque<Long> refusals = new ArrayDeque<>();
    final TreeKeyValues store;
    final Dispatcher dispatcher;
    private final SimLog log;
    private boolean merged;

    /** Up to where the takeover reads: the committed offset, and what was handed over since. */
    private long target;

    /** How many claims it has heard of. */
    int read;

    SimOwner(SimLog log, long nowMs, Set<String> gateways) {
        this.log = log;
        this.store = log.committedStore();
        this.target = log.committedOffset();
        this.read = log.claims.size();
        this.dispatcher = new Dispatcher(SETTINGS, new Mailboxes(store), this, target, nowMs);
        this.dispatcher.gateways(gateways);
    }

    /** Reads the next record, or finds that the takeover is done. */
    void read() {
        long position = dispatcher.position();
        if (!merged && position >= target) {
            merged = true;
            dispatcher.merged();
        } else if (position < log.entries.size()) {
            SimLog.Entry entry = log.entries.get((int) position);
            dispatcher.record(
                    position,
                    entry.appendTimeMs(),
                    TestMessage.header(),
                    entry.key(),
                    entry.value());
        }
    }

    /** Is handed the next record while the takeover is still reading what is before it. */
    void handOver() {
        if (!merged && target < log.entries.size()) {
            Mailboxes mailboxes = new Mailboxes(store);
            if (mailboxes.watermark().isEmpty()) {
                mailboxes.writeWatermark(target);
            }
            target++;
        }
    }

    void commit() {
        log.commit(store, merged ? dispatcher.position() : target);
    }

    /** Hears of the next claim: its own, or another's. */
    void readClaim(boolean isOwner) {
        int claim = read++;
        if (log.claims.get(claim) == this) {
            dispatcher.claimed(claim);
        } else {
            dispatcher.superseded();
            if (isOwner) {
                log.claims.add(this);
            }
        }
    }

    void receive(SimLink from, GatewayMessage message) {
        long epoch = message.epoch();
        switch (message) {
            case GatewayMessage.Snapshot s ->
                    dispatcher.snapshot(from.id, from.gateway.name, epoch, s.sessions(), s.last());
            case GatewayMessage.Opened o ->
                    dispatcher.opened(from.id, from.gateway.name, epoch, o.session());
            case GatewayMessage.Closed c -> dispatcher.closed(from.id, epoch, c.sessionId());
            case GatewayMessage.Acknowledged a ->
                    dispatcher.acknowledged(from.id, epoch, a.sessionId(), a.number());
        }
    }

    @Override
    public void deliver(
            long link, long epoch, long sessionId, long number, long offset, byte[] envelope) {
        SimLink to = links.get(link);
        if (to != null) {
            to.toGateway.add(
                    new RouterMessage.Deliver(
                            SimGateway.PARTITION, epoch, sessionId, number, offset, envelope));
        }
    }

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
    public void refuse(long offset, Refusal refusal) {
        refusals.add(offset);
    }
}
