package dev.rmb.bench.load;

/** Is told what a run is doing. On the thread that runs it. */
public interface Progress {
    /** Says something. */
    void note(String text);

    /**
     * Another second is over.
     *
     * @param measuring whether it counts, or was warm-up
     * @param elapsedSeconds since the load began
     * @param messagesPerSecond that arrived in this second
     * @param latency of these
     */
    void second(
            boolean measuring,
            long elapsedSeconds,
            double messagesPerSecond,
            LoadReport.Latency latency);
}
