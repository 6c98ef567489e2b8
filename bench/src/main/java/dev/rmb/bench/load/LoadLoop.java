package dev.rmb.bench.load;

import dev.rmb.bench.net.TimerSlack;
import dev.rmb.bench.net.TurnFlush;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The sessions of one event loop and what they measure together. Belongs to the loop's thread,
 * except for the recorders, which another thread may read.
 */
final class LoadLoop {
    /** Longer latencies are recorded as this one. */
    static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final long RESOLUTION_NANOS = 1_000;
    private static final int DIGITS = 3;

    private final EventLoop loop;
    private final TurnFlush turn;
    private final List<SenderSession> senders = new ArrayList<>();
    private final SingleWriterRecorder latency = recorder();
    private final SingleWriterRecorder lateness = recorder();
    private boolean running;
    private int nextSender;
    private long nextNumber;

    LoadLoop(EventLoop loop) {
        this.loop = loop;
        this.turn = new TurnFlush(loop);
    }

    private static SingleWriterRecorder recorder() {
        return new SingleWriterRecorder(RESOLUTION_NANOS, MAX_NANOS, DIGITS);
    }

    /** A histogram as the recorders have it. */
    static Histogram histogram() {
        return new Histogram(RESOLUTION_NANOS, MAX_NANOS, DIGITS);
    }

    EventLoop eventLoop() {
        return loop;
    }

    TurnFlush turn() {
        return turn;
    }

    /** From the intended sending to the arrival, in nanoseconds. */
    SingleWriterRecorder latency() {
        return latency;
    }

    /** From the intended to the actual sending: what of the latency is the generator's own. */
    SingleWriterRecorder lateness() {
        return lateness;
    }

    void recordLatency(long nanos) {
        latency.recordValue(Math.clamp(nanos, 0, MAX_NANOS));
    }

    void recordLateness(long nanos) {
        lateness.recordValue(Math.clamp(nanos, 0, MAX_NANOS));
    }

    void add(SenderSession sender) {
        senders.add(sender);
    }

    /** Starts all senders of this loop. */
    void start(Pace pace) {
        running = true;
        senders.forEach(sender -> sender.start(pace));
        if (pace instanceof Pace.Open open && !senders.isEmpty()) {
            TimerSlack.minimize();
            tick(open);
        }
    }

    /** Stops sending; what is in flight still arrives. */
    void stop() {
        running = false;
        senders.forEach(SenderSession::stop);
    }

    /** Sends all that is due, and comes again when the next message is. */
    private void tick(Pace.Open open) {
        if (!running) {
            return;
        }
        long now = System.nanoTime();
        long next = nextDue(open, now);
        while (next <= now) {
            senders.get(nextSender).pump();
            advance();
            next = nextDue(open, now);
        }
        var _ = loop.schedule(() -> tick(open), next - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private long nextDue(Pace.Open open, long now) {
        return open.intendedNanos(senders.get(nextSender).index(), nextNumber, now);
    }

    private void advance() {
        nextSender++;
        if (nextSender == senders.size()) {
            nextSender = 0;
            nextNumber++;
        }
    }
}
