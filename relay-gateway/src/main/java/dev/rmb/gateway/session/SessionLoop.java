package dev.rmb.gateway.session;

import dev.rmb.cluster.trace.Fate;
import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.gateway.loop.Inbox;
import dev.rmb.gateway.offers.Turn;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.server.metrics.Sampling;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.EventExecutor;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one event loop, and what they share: the loop's part of the bytes under way, its
 * timers, its turns. Everything but {@link #ended} and {@link #executor} is for the loop only.
 */
public final class SessionLoop implements Inbox.Taker<PendingSend> {
    /** What a record costs beside its envelope, about: bounds the number of small ones, too. */
    static final int RECORD_OVERHEAD = 512;

    private static final long MAX_TICK_MS = 1000;
    private static final long MIN_TICK_MS = 5;
    private static final int TICKS_PER_TIMEOUT = 8;

    private static final int RESUMED_AT_ONCE = 16;

    /** Loops a gateway can have: a session's id names its loop in its lowest byte. */
    static final int MAX_LOOPS = 256;

    private final int index;
    private final EventExecutor executor;
    private final Clock clock;
    private final Outcomes outcomes;
    private final long maxInFlight;
    private final long probeIntervalMs;
    private final SplittableRandom ids;
    private final Inbox<PendingSend> endings;
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>();
    private final ArrayDeque<Session> waiting = new ArrayDeque<>();
    private final ArrayDeque<Session> probing = new ArrayDeque<>();
    private final Wheel wheel;
    private final Turn offers;
    private List<Session> touched = new ArrayList<>();
    private List<Session> ending = new ArrayList<>();
    private final Tally inFlight = new Tally();
    private final long maxQueued;
    private final long maxUnfinished;
    private final Tally queued = new Tally();
    private final Tally unfinished = new Tally();
    private final Sampling accepts = new Sampling();
    private final Sampling deliveries = new Sampling();
    private boolean shedding;
    private boolean probeTimer;
    private long nowMs;
    private long clockMs;

    /**
     * @param maxInFlight this loop's share of the bytes that may be under way into the log
     * @param loops so many share what the settings allow in all
     * @param seed of the session ids
     */
    SessionLoop(
            int index,
            EventExecutor executor,
            SessionSettings settings,
            long maxInFlight,
            int loops,
            long seed,
            Clock clock,
            Outcomes outcomes) {
        this.index = index;
        this.executor = executor;
        this.offers = new Turn(executor);
        this.clock = clock;
        this.outcomes = outcomes;
        this.maxInFlight = maxInFlight;
        this.maxQueued = settings.queuedInAll().toBytes() / loops;
        this.maxUnfinished = settings.unfinishedInAll().toBytes() / loops;
        this.probeIntervalMs = settings.probeInterval().toMillis();
        this.ids = new SplittableRandom(seed);
        this.endings =
                new Inbox<>((int) (maxInFlight / RECORD_OVERHEAD) + MAX_LOOPS, executor, this);
        long timeoutMs = Math.min(settings.idle().toMillis(), settings.answerTimeout().toMillis());
        long tickMs = Math.clamp(timeoutMs / TICKS_PER_TIMEOUT, MIN_TICK_MS, MAX_TICK_MS);
        this.wheel = new Wheel(tickMs);
        refreshClock();
        var _ = executor.scheduleAtFixedRate(this::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
    }

    /** From 0. */
    public int index() {
        return index;
    }

    public EventExecutor executor() {
        return executor;
    }

    /** The turn that it is in, for what goes out beside the log at its end. */
    Turn offers() {
        return offers;
    }

    /** Bytes under way into the log, and answers that wait for them. On any thread. */
    long inFlightBytes() {
        return inFlight.get();
    }

    /** Bytes that wait for clients to read them. On any thread. */
    long queuedBytes() {
        return queued.get();
    }

    /** Bytes of messages whose end has not come. On any thread. */
    long unfinishedBytes() {
        return unfinished.get();
    }

    /** The session with this id if it is open. */
    public @Nullable Session session(long id) {
        return sessions.get(id);
    }

    /** Sends what the sessions touched in this turn have to send. */
    public void endTurn() {
        refreshClock();
        // What a session does now may touch another one, which then gets a turn of its own.
        List<Session> now = touched;
        touched = ending;
        ending = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).guardedEndTurn();
        }
        now.clear();
        if (!touched.isEmpty()) {
            executor.execute(this::endTurn);
        }
    }

    /**
     * Which of so many loops the session with this id is on, if it is one of this gateway's; any
     * one if not.
     */
    public static int indexOf(long sessionId, int loops) {
        return (int) (sessionId & (MAX_LOOPS - 1)) % loops;
    }

    /** Whether the envelope that comes now is one whose acceptance is measured. */
    boolean measuresAccept() {
        return accepts.picks(nowMs);
    }

    /** Likewise of a delivery and its confirmation. */
    boolean measuresDelivery() {
        return deliveries.picks(nowMs);
    }

    long newId() {
        return (ids.nextLong() & -MAX_LOOPS) | index;
    }

    void add(Session session) {
        sessions.put(session.id(), session);
    }

    void remove(Session session) {
        sessions.remove(session.id());
        wheel.remove(session);
    }

    List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    void touch(Session session) {
        touched.add(session);
    }

    /** What became of envelopes lately. On any thread. */
    Outcomes outcomes() {
        return outcomes;
    }

    /** An envelope is not taken. */
    @SuppressWarnings("EnumOrdinal") // never leaves this process
    void turnedDown(EnvelopeHeader header, Verdict why) {
        outcomes.note(
                Fate.TURNED_DOWN,
                clockMs,
                why.ordinal(),
                header.destinationTwin(),
                header.uidHash(),
                Outcomes.NOWHERE);
    }

    /** An envelope's way into the log has ended. On any thread. */
    void ended(PendingSend send) {
        if (!endings.put(send)) {
            // Cannot be: the inbox has room for all that the limit lets be under way.
            executor.execute(() -> take(send));
        }
    }

    @Override
    public void take(PendingSend send) {
        inFlight.add(-send.size());
        send.account();
    }

    @Override
    public void turnEnded() {
        resumeSome();
        endTurn();
    }

    /** Only some, as each may use up what is free, and all others would have to wait again. */
    private void resumeSome() {
        for (int i = 0; i < RESUMED_AT_ONCE && !isFull() && !waiting.isEmpty(); i++) {
            waiting.poll().resume(Session.LOOP_FULL);
        }
        if (!isFull() && !waiting.isEmpty()) {
            // Behind the reading that was just resumed.
            executor.execute(this::resumeSome);
        }
    }

    void sending(long size) {
        inFlight.add(size);
    }

    /**
     * So many more (or fewer) bytes wait for a client to read them. Where that is too much, the
     * session that holds most of it is ended: others must not pay for it.
     */
    void queued(long more) {
        queued.add(more);
        if (queued.get() <= maxQueued || shedding) {
            return;
        }
        shedding = true;
        try {
            // Much may only wait for the end of the turn, or be on its way since it was counted.
            for (Session session : sessions()) {
                session.guardedFlush();
                queued.add(session.recount());
            }
            while (queued.get() > maxQueued && endLargest(Session::queuedBytes, Ending.SHED)) {
                // Until what is left fits.
            }
        } finally {
            shedding = false;
        }
    }

    /** Likewise for messages whose end has not come. */
    void unfinished(long more) {
        unfinished.add(more);
        while (unfinished.get() > maxUnfinished
                && endLargest(Session::unfinishedBytes, Ending.UNFINISHED)) {
            // Until what is left fits.
        }
    }

    private boolean endLargest(ToLongFunction<Session> bytes, Ending ending) {
        Session largest = null;
        for (Session session : sessions.values()) {
            if (largest == null || bytes.applyAsLong(session) > bytes.applyAsLong(largest)) {
                largest = session;
            }
        }
        if (largest == null || bytes.applyAsLong(largest) == 0) {
            return false;
        }
        largest.shed(ending);
        return true;
    }

    boolean isFull() {
        return inFlight.get() >= maxInFlight;
    }

    /** The session is read again when the loop's share is not used up any more. */
    void await(Session session) {
        waiting.add(session);
    }

    void lookAfter(Session session, long inMs) {
        wheel.put(session, inMs);
    }

    /** The session sends its probe within the probe interval. */
    void probeLater(Session session) {
        probing.add(session);
        armProbeTimer();
    }

    /** Milliseconds of a clock that never goes back, as of this turn. */
    long nowMs() {
        return nowMs;
    }

    /** Milliseconds since the epoch, as of this turn. */
    long clockMs() {
        return clockMs;
    }

    void refreshClock() {
        nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        clockMs = clock.millis();
    }

    private void armProbeTimer() {
        if (!probeTimer && !probing.isEmpty()) {
            probeTimer = true;
            var _ =
                    executor.schedule(
                            this::probeDue,
                            Math.max(1, probing.peek().probeDueIn(nowMs)),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void probeDue() {
        probeTimer = false;
        refreshClock();
        // In the order of asking, which is the order of becoming due but for a fraction of the
        // interval.
        Session session;
        while ((session = probing.peek()) != null && session.probeDueIn(nowMs) <= 0) {
            probing.poll();
            session.guarded(session::probe);
        }
        endTurn();
        armProbeTimer();
    }

    private void tick() {
        refreshClock();
        wheel.tick(spoke -> {
            Session session = (Session) spoke;
            session.guarded(session::check);
        });
        endTurn();
    }

    /** How long after asking a session sends its probe. */
    long probeIntervalMs() {
        return probeIntervalMs;
    }
}
