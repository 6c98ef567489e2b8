package dev.rmb.reliability.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Envelope;
import dev.rmb.reliability.proof.Arrivals;
import dev.rmb.reliability.proof.Pair;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Receives, and confirms by answering pings. It can stop reading, vanish, change its gateway, and
 * take its time for a pong. Belongs to the crowd's event loop.
 */
public final class Receiver extends Client {
    private final Arrivals sessions = new Arrivals();
    private final LongQueue unacknowledged = new LongQueue();
    private int session;
    private Duration pongDelay = Duration.ZERO;
    private long lastArrival;
    private long longestPauseNanos;
    private long arrivals;
    private long firstArrival;

    Receiver(Crowd crowd, String name, DemoTwin twin, @Nullable String connection, Doors doors) {
        super(crowd, name, twin, connection, doors);
    }

    /** Answers each ping after this time. */
    public void pongDelay(Duration delay) {
        pongDelay = delay;
    }

    /** Reads its socket, or leaves what comes where it is. */
    public void read(boolean on) {
        ClientSession present = session();
        if (present != null && present.isOpen()) {
            present.read(on);
        }
    }

    @Override
    void opened(ClientSession opened) {
        session = sessions.begin();
        unacknowledged.clear();
    }

    @Override
    void ended(ClientSession ended) {
        sessions.end(session, crowd().now());
    }

    @Override
    void received(ClientSession by, ByteBuffer bytes) {
        if (by != session()) {
            return;
        }
        try {
            Envelope envelope = Envelope.parseFrom(bytes);
            Message message = Message.in(envelope);
            if (message == null || !crowd().isFor(message.pair(), this)) {
                crowd().proof().foreign();
                return;
            }
            Pair pair = crowd().proof().pairs().get(message.pair());
            pair.arrived(message.number(), sessions, session);
            unacknowledged.add(((long) message.pair() << Integer.SIZE) | message.number());
            measure();
        } catch (InvalidProtocolBufferException e) {
            crowd().proof().foreign();
        }
    }

    private void measure() {
        long now = System.nanoTime();
        longestPauseNanos = Math.max(longestPauseNanos, now - lastArrival);
        lastArrival = now;
        if (arrivals++ == 0) {
            firstArrival = now;
        }
    }

    /** Pauses count from now on. */
    void forgetPauses() {
        lastArrival = System.nanoTime();
        longestPauseNanos = 0;
        arrivals = 0;
    }

    /** The longest time without an arrival, the present one included. */
    long longestPauseNanos() {
        return Math.max(longestPauseNanos, System.nanoTime() - lastArrival);
    }

    /** Messages since pauses were forgotten. */
    long arrivals() {
        return arrivals;
    }

    /** When the first of them came, by {@link System#nanoTime}. */
    long firstArrivalNanos() {
        return firstArrival;
    }

    /** When the last message came, by {@link System#nanoTime}. */
    long lastArrivalNanos() {
        return lastArrival;
    }

    @Override
    void asked(ClientSession by, byte[] ping) {
        if (by != session()) {
            return;
        }
        long covers = unacknowledged.added();
        if (pongDelay.isZero()) {
            confirm(by, ping, covers);
        } else {
            crowd().after(pongDelay, () -> confirm(by, ping, covers));
        }
    }

    private void confirm(ClientSession by, byte[] ping, long covers) {
        if (by != session()) {
            return;
        }
        by.confirm(ping);
        while (unacknowledged.removed() < covers) {
            long message = unacknowledged.remove();
            crowd().proof()
                    .pairs()
                    .get((int) (message >>> Integer.SIZE))
                    .acknowledged((int) message, crowd().now());
        }
    }
}
