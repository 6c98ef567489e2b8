package dev.rmb.server.metrics;

/** Measures one message's stage. */
public final class Stopwatch {
    private final StageTimes times;
    private final long begunNanos = System.nanoTime();

    Stopwatch(StageTimes times) {
        this.times = times;
    }

    /** It has ended; on any thread. */
    public void stop() {
        times.record(System.nanoTime() - begunNanos);
    }
}
