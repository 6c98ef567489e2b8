package dev.rmb.gateway.session;

import dev.rmb.cluster.Origin;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.gateway.session.SessionView.Traffic;
import dev.rmb.protocol.Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected client. Its identity can be read by anybody; everything else is for its event loop
 * only.
 */
public final class Session extends Wheel.Spoke implements Intake.Answers {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    // Why its socket is not read: bits of `pauses`.
    static final int HELD = 1;
    static final int IN_FLIGHT = 2;
    static final int LOOP_FULL = 4;
    static final int ANSWERS = 8;

    /** Answers of the relay that may wait for a client that sends without reading. */
    private static final int MAX_ANSWERS = 256 * 1024;

    private final SessionInfo info;
    private final SessionLoop loop;
    private final Connection connection;
    private final SessionContext context;
    private final Liveness liveness;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private InetAddress remote;
    private boolean open = true;
    private boolean touched;
    private int pauses;
    private int answersQueued;
    private long queuedBytes;
    private long unfinishedBytes;
    private long received;
    private long receivedBytes;
    private @Nullable Session successor;

    Session(
            SessionInfo info,
            InetAddress remote,
            SessionLoop loop,
            Connection connection,
            SessionContext context) {
        this.info = info;
        this.remote = remote;
        this.loop = loop;
        this.connection = connection;
        this.context = context;
        SessionSettings settings = context.settings();
        this.liveness =
                new Liveness(
                        settings.idle().toMillis(),
                        settings.answerTimeout().toMillis(),
                        loop.nowMs());
        this.incoming = new Incoming(this, loop, info.address(), context);
        this.outgoing = new Outgoing(this, loop, connection, context);
    }

    /** As its owner knows it. */
    public SessionInfo info() {
        return info;
    }

    public long id() {
        return info.id();
    }

    public Address address() {
        return info.address();
    }

    /** Where its client is from, as far as is known. */
    public InetAddress remote() {
        return remote;
    }

    /** Its client comes from there now: transports of many connections may see it move. */
    public void movedTo(InetAddress there) {
        remote = there;
        if (context.bans().isBanned(there)) {
            end(Ending.BANNED);
        }
    }

    public SessionLoop loop() {
        return loop;
    }

    /**
     * Whether the transport may read on. It asks before each frame: that is what keeps the bytes
     * under way within their limit, however many sessions there are.
     */
    public boolean mayReceive() {
        if (open && loop.isFull()) {
            awaitLoop();
        }
        return open && pauses == 0;
    }

    /** The client sent an envelope; the array is the session's from now on. */
    public void received(byte[] envelope) {
        // What an evicted or ended session still had to read is discarded (delivery.md, 16).
        if (open) {
            received++;
            receivedBytes += envelope.length;
            incoming.received(envelope);
        }
    }

    /** Bytes came from the client, whatever they are. Before what they hold is received. */
    public void heard() {
        loop.refreshClock();
        liveness.heard(loop.nowMs());
    }

    /** The client confirmed everything written before the probe with this mark. */
    public void confirmed(long mark) {
        if (open) {
            liveness.answered(outgoing.confirmed(mark), loop.nowMs());
        }
    }

    /** The client has read so much that the connection is writable again. */
    public void writable() {
        answersQueued = 0;
        resume(ANSWERS);
    }

    /** The connection is gone or about to be: nothing more will be read from it or written. */
    public void disconnected() {
        if (open) {
            leave();
        }
    }

    /** Ends the session and its connection; does nothing twice. */
    public void end(Ending ending) {
        if (open) {
            log.atDebug()
                    .addKeyValue("session", id())
                    .addKeyValue("address", address())
                    .log("Session {} of {} ends: {}", id(), address(), ending);
            leave();
            connection.close(ending);
        }
    }

    /** The owner of its partition delivers an envelope. */
    public void deliver(
            Scope scope, long number, long offset, byte[] envelope, @Nullable Origin origin) {
        if (!open) {
            return;
        }
        try {
            outgoing.deliver(scope, number, offset, envelope, origin);
            touch();
            queuedBytes += envelope.length;
            loop.queued(envelope.length);
        } catch (RuntimeException | OutOfMemoryError e) {
            // It is booked but was not written: only the session's end makes its owner send it
            // again.
            fault(e);
        }
    }

    /** Its owner found a newer connection of its address elsewhere. */
    public void evict() {
        if (open) {
            context.metrics().evicted.inc();
            end(Ending.REPLACED);
        }
    }

    /** The highest number that the client confirmed in the scope of the last delivery; 0: none. */
    public long confirmedNumber() {
        return outgoing.confirmedNumber();
    }

    /** Whether deliveries last came in this scope, so that confirmations belong to it. */
    public boolean isIn(Scope scope) {
        return open && scope.is(outgoing.scope());
    }

    /** Sends what this turn has brought. A transport calls it when it has read what there was. */
    public void endTurn() {
        touched = false;
        if (!open) {
            return;
        }
        outgoing.endTurn();
        connection.flush();
        loop.queued(recount());
        if (!open) {
            return;
        }
        if (connection.isWritable()) {
            answersQueued = 0;
        } else if (queuedBytes > context.settings().queued().toBytes()) {
            end(Ending.NOT_READING);
        } else if (answersQueued > MAX_ANSWERS) {
            pause(ANSWERS);
        }
    }

    /** The transport answered the client by itself, with so many bytes. */
    public void answered(int bytes) {
        if (open) {
            answersQueued += bytes;
            touch();
        }
    }

    /** So many bytes have come of a message whose end has not. */
    public void unfinished(long bytes) {
        if (open && bytes != unfinishedBytes) {
            long more = bytes - unfinishedBytes;
            unfinishedBytes = bytes;
            loop.unfinished(more);
        }
    }

    /** Looks again at what waits to be read; returns by how much it has grown. */
    long recount() {
        long before = queuedBytes;
        queuedBytes = open ? connection.queuedBytes() : 0;
        return queuedBytes - before;
    }

    boolean isOpen() {
        return open;
    }

    /** As it is now; on its loop. */
    SessionView view() {
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        return new SessionView(
                id(),
                address(),
                info.connectedAtMs(),
                connection.transport(),
                remote,
                new Traffic(received, receivedBytes),
                outgoing.traffic(),
                outgoing.unconfirmed(),
                queuedBytes,
                incoming.bytes(),
                Math.max(0, liveness.silentMs(now)),
                liveness.answeredMsAgo(now),
                pauses == 0);
    }

    long queuedBytes() {
        return queuedBytes;
    }

    long unfinishedBytes() {
        return unfinishedBytes;
    }

    /** Ends it because its loop has no room for what it holds. */
    void shed(Ending ending) {
        context.metrics().shed.inc();
        end(ending);
    }

    void guardedFlush() {
        guarded(connection::flush);
    }

    /** Like {@link #guarded}, but without an object for each of a loop's turns. */
    void guardedEndTurn() {
        try {
            endTurn();
        } catch (RuntimeException | OutOfMemoryError e) {
            fault(e);
        }
    }

    /** Runs a step; a fault in it ends this session, and does no harm to others. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            fault(e);
        }
    }

    private void fault(Throwable cause) {
        context.metrics().faults.inc();
        log.atError()
                .addKeyValue("session", Long.toHexString(id()))
                .addKeyValue("address", address())
                .setCause(cause)
                .log(
                        "Session {} of {} ends because of a fault here",
                        Long.toHexString(id()),
                        address());
        end(Ending.FAULT);
    }

    /** Writes an answer of the relay's own. */
    @Override
    public void give(byte[] answer) {
        if (open) {
            connection.write(answer);
            answersQueued += answer.length;
            touch();
        }
    }

    /** Begins to look after the client. */
    void start() {
        loop.lookAfter(this, liveness.nextCheckIn(loop.nowMs()));
    }

    /**
     * Does not read the client until the sends of the one it replaced have ended, or the time is
     * over.
     */
    void hold(Duration atMost) {
        pause(HELD);
        var _ =
                loop.executor()
                        .schedule(() -> resume(HELD), atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A newer session has the address. */
    void replacedBy(Session newer) {
        if (open) {
            context.metrics().evicted.inc();
        }
        end(Ending.REPLACED);
        successor = newer;
        sendEnded();
    }

    void sendEnded() {
        Session next = successor;
        if (next != null && incoming.isEmpty()) {
            successor = null;
            next.loop.executor().execute(() -> next.resume(HELD));
        }
    }

    void pause(int why) {
        if (!open || (pauses & why) != 0) {
            return;
        }
        if (pauses == 0) {
            connection.read(false);
            context.metrics().paused.inc();
        }
        pauses |= why;
        if (why != ANSWERS) {
            // A client that does not read what it asked for has no excuse: its clock runs on.
            liveness.stop(loop.nowMs());
        }
    }

    void awaitLoop() {
        if (open && (pauses & LOOP_FULL) == 0) {
            pause(LOOP_FULL);
            loop.await(this);
        }
    }

    void resume(int why) {
        if (!open || (pauses & why) == 0) {
            return;
        }
        pauses &= ~why;
        if ((pauses & ~ANSWERS) == 0) {
            liveness.go(loop.nowMs());
        }
        if (pauses == 0) {
            connection.read(true);
        }
    }

    void probed() {
        liveness.probed(loop.nowMs());
    }

    long probeDueIn(long now) {
        return open ? outgoing.probeDueIn(now) : 0;
    }

    void probe() {
        if (open && outgoing.probeIfDue()) {
            touch();
        }
    }

    /** The wheel has come round. */
    void check() {
        switch (liveness.check(loop.nowMs())) {
            case FINE -> {}
            case PROBE -> {
                outgoing.probe();
                touch();
            }
            case GONE -> {
                end(Ending.SILENT);
                return;
            }
        }
        loop.lookAfter(this, liveness.nextCheckIn(loop.nowMs()));
    }

    private void touch() {
        if (!touched) {
            touched = true;
            loop.touch(this);
        }
    }

    private void leave() {
        open = false;
        loop.remove(this);
        long queuedBefore = queuedBytes;
        long unfinishedBefore = unfinishedBytes;
        queuedBytes = 0;
        unfinishedBytes = 0;
        loop.queued(-queuedBefore);
        loop.unfinished(-unfinishedBefore);
        context.presence().closed(this);
        context.twins().closed(address().twin());
        context.index().closed(this);
        context.metrics().present.dec();
    }
}
