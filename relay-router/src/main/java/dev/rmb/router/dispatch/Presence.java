package dev.rmb.router.dispatch;

import dev.rmb.cluster.link.SessionInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected where, under the present claim: at most one session per address (delivery.md,
 * 6). With another claim everything is heard anew.
 */
final class Presence {
    private final DispatchSettings settings;
    private final Twins twins;
    private final Effects effects;
    private final Keeping keeping;
    private final Deliveries deliveries;
    private final Offline offline;
    private final Offers offers;
    private final Counts counts;
    private final Map<Long, GatewayLink> links = new LinkedHashMap<>();
    private final Map<Long, Session> sessions = new HashMap<>();
    private Set<String> liveGateways = Set.of();
    private long epoch;
    private long unsettledMs;

    /** Time alone settles. */
    private boolean distrusted;

    Presence(
            DispatchSettings settings,
            Twins twins,
            Effects effects,
            Keeping keeping,
            Deliveries deliveries,
            Offline offline,
            Offers offers,
            Counts counts) {
        this.settings = settings;
        this.twins = twins;
        this.effects = effects;
        this.keeping = keeping;
        this.deliveries = deliveries;
        this.offline = offline;
        this.offers = offers;
        this.counts = counts;
    }

    Collection<GatewayLink> links() {
        return links.values();
    }

    int sessions() {
        return sessions.size();
    }

    /** Forgets every session: their gateways announce them under the new claim. */
    void claimed(long claim, long nowMs) {
        forgetAll(nowMs);
        epoch = claim;
        unsettledMs = nowMs;
        distrusted = false;
    }

    void forgetAll(long nowMs) {
        for (Session session : List.copyOf(sessions.values())) {
            lost(session, nowMs);
        }
        links.clear();
        offline.settled(false);
    }

    void gateways(Set<String> live) {
        liveGateways = Set.copyOf(live);
    }

    /**
     * Whether the snapshots that can be expected have arrived (delivery.md, 6). That no gateway is
     * alive is more likely a matter of heartbeats than of gateways.
     */
    boolean isSettled(long nowMs) {
        return nowMs - unsettledMs >= settings.settleMs()
                || (!liveGateways.isEmpty() && !distrusted && allHeard());
    }

    /** What is known may be old: nothing counts as offline until the settling time has passed. */
    void distrust(long nowMs) {
        distrusted = true;
        unsettledMs = nowMs;
        offline.settled(false);
    }

    void snapshot(
            long linkId, String gateway, List<SessionInfo> announced, boolean last, long nowMs) {
        GatewayLink link = link(linkId, gateway);
        for (SessionInfo session : announced) {
            announced(link, session, false, nowMs);
        }
        if (last && !link.complete) {
            link.complete = true;
            for (Session session : List.copyOf(sessions.values())) {
                if (session.link == link) {
                    deliveries.pump(session.queue, nowMs);
                }
            }
        }
    }

    void opened(long linkId, String gateway, SessionInfo session, long nowMs) {
        announced(link(linkId, gateway), session, true, nowMs);
    }

    void closed(long linkId, long sessionId, long nowMs) {
        Session session = find(linkId, sessionId);
        if (session != null) {
            left(session, nowMs);
        }
    }

    @Nullable Session find(long linkId, long sessionId) {
        Session session = sessions.get(sessionId);
        return session == null || session.link.id != linkId ? null : session;
    }

    void linkClosed(long linkId, long nowMs) {
        GatewayLink link = links.remove(linkId);
        if (link == null) {
            return;
        }
        for (Session session : List.copyOf(sessions.values())) {
            if (session.link == link) {
                lost(session, nowMs);
            }
        }
    }

    private boolean allHeard() {
        List<String> missing = new ArrayList<>(liveGateways);
        for (GatewayLink link : links.values()) {
            if (link.complete) {
                missing.remove(link.gateway);
            }
        }
        return missing.isEmpty();
    }

    private GatewayLink link(long id, String gateway) {
        return links.computeIfAbsent(id, i -> new GatewayLink(i, gateway));
    }

    private void announced(GatewayLink link, SessionInfo info, boolean live, long nowMs) {
        Session known = sessions.get(info.id());
        if (known != null) {
            if (known.link == link) {
                return;
            }
            // The gateway is back on another link before the end of the former was heard of.
            move(known);
        }
        AddressQueue queue = twins.queue(info.address());
        Session holder = queue.session;
        if (holder != null) {
            if (!live && (holder.live || !isLater(info, holder))) {
                evict(link.id, info.id());
                return;
            }
            move(holder);
            evict(holder.link.id, holder.id);
        }
        attach(new Session(info.id(), link, queue, info.connectedAtMs(), live), nowMs);
    }

    private void attach(Session session, long nowMs) {
        AddressQueue queue = session.queue;
        sessions.put(session.id, session);
        queue.attach(session);
        queue.graceUntilMs = 0;
        if (!queue.restIsEmpty) {
            // While it was offline, what is in memory came after what is stored.
            keeping.spill(queue, false);
        }
        deliveries.pump(queue, nowMs);
    }

    /** The session gives way to another of its address. */
    private void move(Session session) {
        sessions.remove(session.id);
        takeBack(session, false);
    }

    /** The session may still be there, but its link is not. */
    private void lost(Session session, long nowMs) {
        sessions.remove(session.id);
        takeBack(session, true);
        offline.waitFor(session.queue, nowMs);
    }

    /** Whatever the session has not confirmed is to be sent again, oldest first. */
    private void takeBack(Session session, boolean undecided) {
        offers.ended(session);
        AddressQueue queue = session.queue;
        queue.lose(session);
        boolean inMemory = queue.restIsEmpty;
        for (Message m = session.inFlight.first(); m != null; m = m.next) {
            m.number = 0;
            inMemory &= !m.stored;
        }
        if (inMemory) {
            queue.waiting.prepend(session.inFlight);
            return;
        }
        Message message;
        while ((message = session.inFlight.poll()) != null) {
            keeping.rest(message, false);
        }
        keeping.spill(queue, undecided);
    }

    /** The client is gone: what it has not confirmed goes back to the mailbox. */
    private void left(Session session, long nowMs) {
        sessions.remove(session.id);
        offers.ended(session);
        AddressQueue queue = session.queue;
        queue.leave();
        if (!queue.restIsEmpty) {
            keeping.spill(queue, true);
        }
        Message message;
        while ((message = session.inFlight.poll()) != null) {
            message.number = 0;
            if (message.mayNotWait() && offline.isSettled()) {
                offline.drop(message);
            } else {
                keeping.rest(message, message.mayNotWait());
            }
        }
        offline.decide(queue, nowMs);
    }

    private void evict(long linkId, long sessionId) {
        counts.evicted++;
        effects.evict(linkId, epoch, sessionId);
    }

    /** Later connects win; of equal ones any, as long as every owner chooses the same. */
    private static boolean isLater(SessionInfo session, Session than) {
        return session.connectedAtMs() != than.connectedAtMs
                ? session.connectedAtMs() > than.connectedAtMs
                : Long.compareUnsigned(session.id(), than.id) > 0;
    }
}
