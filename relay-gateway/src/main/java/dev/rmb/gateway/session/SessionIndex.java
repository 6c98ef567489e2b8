package dev.rmb.gateway.session;

import dev.rmb.cluster.link.SessionInfo;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * All sessions of a gateway in one order, so that some of them can be listed without asking any
 * loop to look through all of its own. Thread-safe.
 */
final class SessionIndex {
    private final ConcurrentNavigableMap<SessionKey, Session> sessions =
            new ConcurrentSkipListMap<>();

    void opened(Session session) {
        sessions.put(key(session.info()), session);
    }

    void closed(Session session) {
        sessions.remove(key(session.info()));
    }

    /** The first ones behind a place. */
    List<Session> after(SessionKey place, int atMost) {
        return sessions.tailMap(place, false).values().stream().limit(atMost).toList();
    }

    private static SessionKey key(SessionInfo info) {
        return new SessionKey(info.address().twin(), info.id());
    }
}
