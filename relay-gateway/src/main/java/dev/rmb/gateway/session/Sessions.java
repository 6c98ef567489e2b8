package dev.rmb.gateway.session;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.protocol.Address;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

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
            RateLimiter limiter,
            MetricRegistry registry) {
        this.loops = loops;
        this.context =
                new SessionContext(
                        settings,
                        log,
                        presence,
                        limiter,
                        new TwinSessions(),
                        new SessionMetrics(registry));
        gauge(registry, "rmb_gateway_in_flight_bytes", SessionLoop::inFlightBytes);
        gauge(registry, "rmb_gateway_queued_bytes", SessionLoop::queuedBytes);
        gauge(registry, "rmb_gateway_unfinished_bytes", SessionLoop::unfinishedBytes);
    }

    /** What all loops hold of something. */
    private void gauge(MetricRegistry registry, String name, ToLongFunction<SessionLoop> bytes) {
        registry.gauge(name, () -> () -> loops.all().stream().mapToLong(bytes).sum());
    }

    /** Whether there are as many as there may be. */
    public boolean isFull() {
        return context.metrics().present.getCount() >= context.settings().max();
    }

    /**
     * Whether this client would be one too many: of all, or of its twin. One that takes the place
     * of its own older session is not.
     */
    public boolean isFull(Address address) {
        int max = context.settings().maxPerTwin();
        return isFull()
                || (max > 0
                        && context.twins().count(address.twin()) >= max
                        && !context.presence().isPresent(address));
    }

    /** Whether no new ones are taken, because this gateway stops. */
    public boolean isStopping() {
        return stopping;
    }

    /**
     * Takes envelopes of a client that has no session.
     *
     * @param address whose they are
     * @param loop on which this is called, and {@code then} told
     */
    public void submit(
            Address address,
            List<byte[]> envelopes,
            SessionLoop loop,
            Consumer<Submission.Outcome> then) {
        Submission.submit(address, envelopes, loop, context, then);
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
        context.twins().opened(address.twin());
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
