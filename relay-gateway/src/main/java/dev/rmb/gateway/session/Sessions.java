package dev.rmb.gateway.session;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where transports bring authenticated clients. Thread-safe. */
public final class Sessions {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    /** delivery.md, 16. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    private final SessionLoops loops;
    private final SessionContext context;
    private final SessionLimits limits;
    private final SessionList list;
    private final AtomicBoolean looksForBanned = new AtomicBoolean();
    private volatile boolean stopping;

    public Sessions(
            SessionLoops loops,
            SessionSettings settings,
            SessionLimits limits,
            EnvelopeLog log,
            Presence presence,
            RateLimiter limiter,
            Bans bans,
            MetricRegistry registry) {
        this.loops = loops;
        this.limits = limits;
        var index = new SessionIndex();
        this.list = new SessionList(loops, index);
        this.context =
                new SessionContext(
                        settings,
                        log,
                        presence,
                        limiter,
                        bans,
                        new TwinSessions(),
                        index,
                        new SessionMetrics(registry));
        gauge(registry, "rmb_gateway_in_flight_bytes", SessionLoop::inFlightBytes);
        gauge(registry, "rmb_gateway_queued_bytes", SessionLoop::queuedBytes);
        gauge(registry, "rmb_gateway_unfinished_bytes", SessionLoop::unfinishedBytes);
        bans.listen(this::endBanned);
    }

    /** What became lately of what they sent. */
    public Outcomes outcomes() {
        return loops.outcomes();
    }

    /** What operators may see of them. */
    public SessionList list() {
        return list;
    }

    /** How many there are. */
    public long count() {
        return context.metrics().present.getCount();
    }

    /** What all loops hold of something. */
    private void gauge(MetricRegistry registry, String name, ToLongFunction<SessionLoop> bytes) {
        registry.gauge(name, () -> () -> loops.all().stream().mapToLong(bytes).sum());
    }

    /** Whether there are as many as there may be. */
    public boolean isFull() {
        return context.metrics().present.getCount() >= limits.max().inForce();
    }

    /**
     * Whether this client would be one too many: of all, or of its twin. One that takes the place
     * of its own older session is not.
     */
    public boolean isFull(Address address) {
        return isFull()
                || (!limits.maxPerTwin().isNone()
                        && context.twins().count(address.twin()) >= limits.maxPerTwin().inForce()
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

    /** Whether there is room on that loop for another envelope under way into the log. */
    public boolean hasRoom(SessionLoop loop) {
        return !loop.isFull();
    }

    /**
     * Hands an envelope of another relay to the log. It was judged before, and has its share of
     * what may be under way like those of clients.
     *
     * @param loop on which this is called, and {@code then} told
     * @return {@code false} if there is no room; nothing is told then
     */
    public boolean forward(
            EnvelopeHeader header,
            byte[] envelope,
            SessionLoop loop,
            Consumer<Receipt.Outcome> then) {
        if (loop.isFull()) {
            return false;
        }
        loop.refreshClock();
        context.metrics().received(envelope);
        var send =
                new PendingSend(loop, context.metrics(), header, envelope.length) {
                    @Override
                    void account(Receipt.Outcome how) {
                        context.metrics().ended(how);
                        then.accept(how);
                    }
                };
        loop.sending(send.size());
        context.log()
                .send(
                        RecordHeader.Kind.FEDERATED,
                        header.destinationTwin(),
                        envelope,
                        loop.clockMs(),
                        send);
        return true;
    }

    /**
     * Opens a session for a client; on the event loop of its connection. A session that the address
     * has already is ended, and this one is not read until what that one sent has ended.
     *
     * @param remote where the client is from
     */
    public Session open(
            Address address, InetAddress remote, Connection connection, SessionLoop loop) {
        loop.refreshClock();
        var info = new SessionInfo(loop.newId(), address, loop.clockMs());
        var session = new Session(info, remote, loop, connection, context);
        loop.add(session);
        session.start();
        Session old = context.presence().opened(session);
        context.metrics().opened.inc();
        context.metrics().present.inc();
        context.twins().opened(address.twin());
        context.index().opened(session);
        if (old != null) {
            session.hold(HOLD);
            old.loop().executor().execute(() -> old.replacedBy(session));
        }
        if (stopping) {
            session.end(Ending.GOING_AWAY);
        } else if (isBanned(session)) {
            // Banned after its token was looked at.
            session.end(Ending.BANNED);
        }
        log.atDebug()
                .addKeyValue("session", Long.toHexString(info.id()))
                .addKeyValue("address", address)
                .log("Session {} of {} from {}", Long.toHexString(info.id()), address, remote);
        return session;
    }

    /** Whether nothing is taken from this twin. */
    public boolean isBanned(Address address) {
        return context.bans().isBanned(address.twin());
    }

    /** Whether nothing is taken from this twin, or from there. */
    public boolean isBanned(Address address, InetAddress remote) {
        return isBanned(address) || isBanned(remote);
    }

    /** Whether nothing is taken from there. */
    public boolean isBanned(InetAddress remote) {
        return context.bans().isBanned(remote);
    }

    /** Takes new ones again. */
    public void admit() {
        stopping = false;
    }

    /**
     * Takes no new ones, and ends those that there are, evenly spread over a time.
     *
     * @param done completes when the last has been ended; to complete it before leaves the others
     */
    public void depart(Duration over, CompletableFuture<Void> done) {
        stopping = true;
        List<CompletableFuture<Void>> each = new ArrayList<>();
        for (SessionLoop loop : loops.all()) {
            var ofLoop = new CompletableFuture<Void>();
            each.add(ofLoop);
            var _ = done.whenComplete((_, _) -> ofLoop.complete(null));
            loop.executor().execute(() -> Departure.begin(loop, over, ofLoop));
        }
        var _ =
                CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                        .thenRun(() -> done.complete(null));
    }

    /** Bans have changed: many at a time cost one look at the sessions. */
    private void endBanned() {
        if (looksForBanned.compareAndSet(false, true)) {
            onLoop(
                    loops.all().getFirst(),
                    () -> {
                        // Before looking: what changes from here on asks for another look.
                        looksForBanned.set(false);
                        loops.all().forEach(loop -> onLoop(loop, () -> endBanned(loop)));
                    });
        }
    }

    private void endBanned(SessionLoop loop) {
        for (Session session : loop.sessions()) {
            if (isBanned(session)) {
                session.guarded(() -> session.end(Ending.BANNED));
            }
        }
    }

    private static void onLoop(SessionLoop loop, Runnable step) {
        try {
            loop.executor().execute(step);
        } catch (RejectedExecutionException e) {
            log.debug("A loop that has ended has no sessions");
        }
    }

    private boolean isBanned(Session session) {
        return isBanned(session.address(), session.remote());
    }

    /** Ends all sessions, and those that are opened from now on. Returns before they have ended. */
    public void stop() {
        stopping = true;
        for (SessionLoop loop : loops.all()) {
            loop.executor()
                    .execute(() ->
                            loop.sessions()
                                    .forEach(s -> s.guarded(() -> s.end(Ending.GOING_AWAY))));
        }
    }
}
