package dev.rmb.gateway.session;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.protocol.Address;
import java.time.Duration;

/** Where transports bring authenticated clients. Thread-safe. */
public final class Sessions {
    /** delivery.md, 16. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    private final SessionLoops loops;
    private final SessionContext context;
    private volatile boolean stopping;

    public Sessions(
            SessionLoops loops,
            SessionSettings settings,
            EnvelopeLog log,
            Presence presence,
            MetricRegistry registry) {
        this.loops = loops;
        this.context = new SessionContext(settings, log, presence, new SessionMetrics(registry));
    }

    /** Whether there are as many as there may be. */
    public boolean isFull() {
        return context.metrics().present.getCount() >= context.settings().max();
    }

    /**
     * Opens a session for a client; on the event loop of its connection. A session that the address
     * has already is ended, and this one is not read until what that one sent has ended.
     */
    public Session open(Address address, Connection connection, SessionLoop loop) {
        loop.refreshClock();
        var info = new SessionInfo(loop.newId(), address, loop.clockMs());
        var session = new Session(info, loop, connection, context);
        loop.add(session);
        session.start();
        Session old = context.presence().opened(session);
        context.metrics().opened.inc();
        context.metrics().present.inc();
        if (old != null) {
            session.hold(HOLD);
            old.loop().executor().execute(() -> old.replacedBy(session));
        }
        if (stopping) {
            session.end(Ending.GOING_AWAY);
        }
        return session;
    }

    /** Ends all sessions, and those that are opened from now on. Returns before they have ended. */
    public void stop() {
        stopping = true;
        for (SessionLoop loop : loops.all()) {
            loop.executor().execute(() -> loop.sessions().forEach(s -> s.end(Ending.GOING_AWAY)));
        }
    }
}
