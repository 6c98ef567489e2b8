package dev.rmb.gateway.links;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.gateway.session.Session;
import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one partition, at most one per address, and which owner is told of them.
 *
 * <p>Thread-safe. One lock orders the snapshot and what happens after it, so that the owner hears
 * of each session once and of its end after its beginning; whoever holds it only hands messages to
 * a link.
 */
final class PartitionPresence {
    /** Sessions in one part of a snapshot: some tens of KiB. */
    static final int PART = 1000;

    private static final long NEVER = Long.MIN_VALUE;

    private final int partition;
    private final Map<Address, Session> sessions = new HashMap<>();
    private @Nullable Claim claim;
    private long cutOffSince = NEVER;

    /** Read without the lock for each delivery. */
    private volatile @Nullable LinkScope scope;

    PartitionPresence(int partition) {
        this.partition = partition;
    }

    /** What deliveries must come in to be obeyed; {@code null}: none is. */
    @Nullable LinkScope scope() {
        return scope;
    }

    /** Adds a session and returns the one it displaces. */
    synchronized @Nullable Session opened(Session session) {
        Session old = sessions.put(session.address(), session);
        LinkScope to = scope;
        if (to != null) {
            to.send(new GatewayMessage.Opened(partition, to.epoch(), session.info()));
        }
        return old;
    }

    synchronized boolean isPresent(Address address) {
        return sessions.containsKey(address);
    }

    /** Removes a session, but not a newer one of its address. */
    synchronized void closed(Session session) {
        sessions.remove(session.address(), session);
        LinkScope to = scope;
        if (to != null) {
            to.send(new GatewayMessage.Closed(partition, to.epoch(), session.id()));
        }
    }

    synchronized @Nullable Claim claim() {
        return claim;
    }

    /**
     * From now on only this claim is obeyed, once its link is there.
     *
     * @return whether it is news: the highest claim seen
     */
    synchronized boolean claimed(Claim newer, long now) {
        if (claim != null && claim.epoch() >= newer.epoch()) {
            return false;
        }
        claim = newer;
        scope = null;
        cutOffSince = now;
        return true;
    }

    /**
     * Nobody owns the partition, if that claim was the highest. Its epoch is not forgotten: a lower
     * one is never obeyed.
     */
    synchronized void released(Claim ended) {
        if (claim != null && claim.epoch() == ended.epoch()) {
            scope = null;
            cutOffSince = NEVER;
        }
    }

    /** No claim was ever made: the next one is the highest, whatever its epoch. */
    synchronized void forgetClaim() {
        claim = null;
        scope = null;
        cutOffSince = NEVER;
    }

    /** The link of the claim is there: tells the owner all sessions, and obeys it from now on. */
    synchronized void obey(OwnerLink owner, Link<GatewayMessage> link) {
        Claim by = claim;
        if (by == null) {
            return;
        }
        LinkScope next = new LinkScope(partition, by.epoch(), owner, link);
        // First, as the owner may deliver before the last part's send returns.
        scope = next;
        cutOffSince = NEVER;
        List<SessionInfo> part = new ArrayList<>(Math.min(PART, sessions.size()));
        for (Session session : sessions.values()) {
            if (part.size() == PART) {
                next.send(new GatewayMessage.Snapshot(partition, by.epoch(), part, false));
                part.clear();
            }
            part.add(session.info());
        }
        next.send(new GatewayMessage.Snapshot(partition, by.epoch(), part, true));
    }

    /** The link broke. */
    synchronized void lost(OwnerLink owner, long now) {
        LinkScope last = scope;
        if (last != null && last.owner() == owner) {
            scope = null;
            cutOffSince = now;
        }
    }

    /**
     * The sessions that should go elsewhere, because the owner has been out of reach for so long;
     * those that come later get the same time.
     */
    synchronized List<Session> cutOff(long afterMs, long now) {
        if (cutOffSince == NEVER || now - cutOffSince < afterMs) {
            return List.of();
        }
        cutOffSince = now;
        return List.copyOf(sessions.values());
    }
}
