package dev.rmb.gateway.polling;

import dev.rmb.gateway.session.Connection;
import dev.rmb.gateway.session.Ending;
import dev.rmb.gateway.session.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's session over many requests: what it has not confirmed is held, and each request for
 * more gets what follows the number it names. It ends when the client fetches nothing for a while.
 *
 * <p>For the event loop of its session only, which is that of the first request; others hand over
 * to it.
 */
final class PolledConnection implements Connection {
    /** Only a mark of something to confirm is a number from 0. */
    private static final long NO_MARK = -1;

    /** From here on the relay's own answers would hold back. */
    private static final long MANY_BYTES = 512 * 1024;

    private final Duration linger;
    private final Consumer<PolledConnection> gone;
    private final Deque<Held> held = new ArrayDeque<>();
    private @Nullable Session session;
    private String name = "";
    private long written;
    private long heldBytes;

    /** The last one that went to the present fetch. */
    private long sent;

    private @Nullable Fetch fetch;

    /** What happens if nothing else does: to the fetch, or to the session without one. */
    private @Nullable ScheduledFuture<?> waiting;

    private boolean closed;

    /**
     * @param gone is told once when the session has ended
     */
    PolledConnection(Duration linger, Consumer<PolledConnection> gone) {
        this.linger = linger;
        this.gone = gone;
    }

    /** The session is there. */
    void start(Session opened) {
        session = opened;
        name = Long.toHexString(opened.id());
        linger();
    }

    Session session() {
        Session started = session;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    /** Runs a step on the loop of the session. */
    void onLoop(Runnable step) {
        session().loop().executor().execute(step);
    }

    boolean isNamed(String other) {
        return name.equals(other);
    }

    boolean isClosed() {
        return closed;
    }

    /** What a client names that has nothing yet. */
    EnvelopeId id(long number) {
        return new EnvelopeId(name, number);
    }

    /**
     * The client has everything up to this number.
     *
     * @return {@code false} if there is none with this number
     */
    boolean confirmed(long number) {
        if (number > written) {
            return false;
        }
        session().heard();
        long mark = NO_MARK;
        Held first;
        while ((first = held.peek()) != null && first.number() <= number) {
            held.remove();
            heldBytes -= first.envelope().length;
            mark = Math.max(mark, first.mark());
        }
        if (mark != NO_MARK) {
            session().confirmed(mark);
            // There is less to count now.
            session().endTurn();
        }
        return true;
    }

    /**
     * A request for what follows this number; one that waits is replaced.
     *
     * @param wait for something to come, at most
     */
    void fetch(Fetch newer, long after, Duration wait) {
        Fetch older = fetch;
        if (older != null) {
            older.replaced();
        }
        session().heard();
        fetch = newer;
        sent = after;
        afterA(
                wait,
                () -> {
                    newer.timedOut(id(sent));
                    left(newer);
                });
        flush();
    }

    /** The client of that request has gone. */
    void abandoned(Fetch which) {
        which.abandoned();
        left(which);
    }

    private void left(Fetch which) {
        if (which.equals(fetch) && which.isOver()) {
            fetch = null;
            linger();
        }
    }

    @Override
    public String transport() {
        return "http";
    }

    @Override
    public void write(byte[] envelope) {
        hold(envelope, NO_MARK);
    }

    @Override
    public boolean deliver(byte[] envelope, long mark) {
        hold(envelope, mark);
        return true;
    }

    @Override
    public void probe(long mark) {
        Held last = held.pollLast();
        if (last != null) {
            held.add(new Held(last.number(), mark, last.envelope()));
            return;
        }
        Fetch standing = fetch;
        if (standing != null) {
            standing.signOfLife();
            // It is there: its request stands. Not now, as the session is in the middle of asking.
            onLoop(() -> session().confirmed(mark));
        }
    }

    @Override
    public void flush() {
        Fetch to = fetch;
        if (to == null || sent >= written) {
            return;
        }
        Iterable<Held> rest = () -> held.stream().filter(h -> h.number() > sent).iterator();
        sent = to.send(rest, name);
        left(to);
    }

    @Override
    public boolean isWritable() {
        return heldBytes < MANY_BYTES;
    }

    @Override
    public long queuedBytes() {
        return heldBytes;
    }

    @Override
    public void read(boolean on) {
        // Envelopes are not sent through the session.
    }

    @Override
    public void close(Ending ending) {
        closed = true;
        stopWaiting();
        held.clear();
        heldBytes = 0;
        Fetch standing = fetch;
        fetch = null;
        if (standing != null) {
            standing.ended(ending);
        }
        gone.accept(this);
    }

    private void hold(byte[] envelope, long mark) {
        written++;
        held.add(new Held(written, mark, envelope));
        heldBytes += envelope.length;
    }

    private void linger() {
        afterA(linger, () -> session().end(Ending.SILENT));
    }

    /** Does this after a while, and nothing else that was to be done then. */
    private void afterA(Duration pause, Runnable step) {
        stopWaiting();
        if (!closed) {
            waiting =
                    session()
                            .loop()
                            .executor()
                            .schedule(step, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stopWaiting() {
        if (waiting != null) {
            waiting.cancel(false);
            waiting = null;
        }
    }
}
