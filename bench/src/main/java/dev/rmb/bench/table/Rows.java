package dev.rmb.bench.table;

import static dev.rmb.bench.figure.Goal.atLeast;
import static dev.rmb.bench.figure.Goal.atMost;
import static dev.rmb.bench.figure.Goal.none;

import dev.rmb.bench.figure.Goal;
import dev.rmb.bench.figure.LoadFigures;
import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.Progress;
import dev.rmb.bench.targets.ClusterShape;
import dev.rmb.bench.targets.Target;
import java.util.List;

/**
 * The rows of the table. Targets are for a machine of two processors that everything shares; the
 * references were measured there, on a relay that keeps messages in memory.
 */
public final class Rows {
    private static final int OFFLINE_MESSAGES = 200_000;
    private static final int IDLE_SESSIONS = 15_000;
    private static final int STORM_SESSIONS = 3_000;
    private static final int STORMS = 6;
    private static final double CLUSTER_RATE = 20_000;
    private static final int RECORDS = 1_500_000;
    private static final int RECORD_RATE = 20_000;

    private Rows() {}

    /**
     * All of them.
     *
     * @param relay what is started, where a row does not start separate processes
     * @param effort how long a row may take
     * @param progress is told how it goes
     */
    public static List<Row> all(Target relay, Effort effort, Progress progress) {
        var how = new Measurements(relay, effort, progress);
        return List.of(
                new Row(
                        "closed-32",
                        "closed loop, 32 senders × 32 receivers, window 64",
                        List.of(
                                atLeast(LoadFigures.RATE, 200_000, "19,800"),
                                atMost(LoadFigures.CPU, 8, "64"),
                                none(LoadFigures.P50),
                                none(LoadFigures.P99),
                                none(LoadFigures.LONGEST_PAUSE),
                                none(LoadFigures.RSS)),
                        () -> how.load(Load.closed(32, 32))),
                new Row(
                        "closed-4",
                        "closed loop, 4 × 4, window 64",
                        List.of(
                                atLeast(LoadFigures.RATE, 100_000, "13,200"),
                                withReference(LoadFigures.CPU, "72"),
                                none(LoadFigures.P50),
                                none(LoadFigures.P99)),
                        () -> how.load(Load.closed(4, 4))),
                new Row(
                        "open-1000",
                        "open loop, 1,000 msg/s",
                        openGoals(0.15, 1, 150, "0.25", "2.1", "303"),
                        () -> how.load(Load.open(4, 4, 1_000))),
                new Row(
                        "open-20000",
                        "open loop, 20,000 msg/s",
                        openGoals(0.3, 2, 20, "its maximum", "", ""),
                        () -> how.load(Load.open(4, 4, 20_000))),
                new Row(
                        "call-1",
                        "request/response, 1 caller",
                        List.of(
                                atMost(LoadFigures.P50, 0.2, "0.35"),
                                none(LoadFigures.P99),
                                none(LoadFigures.CALLS),
                                none(LoadFigures.CPU)),
                        () -> how.load(Load.calls(1, 1))),
                new Row(
                        "call-16",
                        "request/response, 16 callers",
                        List.of(
                                atLeast(LoadFigures.CALLS, 30_000, "7,400"),
                                none(LoadFigures.P50),
                                none(LoadFigures.P99),
                                none(LoadFigures.CPU)),
                        () -> how.load(Load.calls(16, 16))),
                new Row(
                        "offline",
                        "offline: 200,000 messages for 32 that are away",
                        List.of(
                                atLeast(Measurements.ACCEPTED, 80_000, "14,200"),
                                atLeast(Measurements.DRAINED, 100_000, "4,100")),
                        () -> how.offline(OFFLINE_MESSAGES)),
                new Row(
                        "idle",
                        "idle sessions, 15,000",
                        List.of(
                                atMost(Measurements.RSS_SESSION, 8, "21.8"),
                                none(Measurements.HEAP_SESSION)),
                        () -> how.idle(IDLE_SESSIONS)),
                new Row(
                        "connect",
                        "new connections, ed25519 tokens",
                        List.of(
                                atLeast(Measurements.CONNECTED, 5_000, "1,900"),
                                none(Measurements.CPU_SESSION),
                                none(LoadFigures.P99)),
                        () -> how.connections(STORM_SESSIONS, STORMS)),
                new Row(
                        "start",
                        "start; idle; memory after start",
                        List.of(
                                atMost(Measurements.FIRST, 3, "6"),
                                none(Measurements.READY),
                                atMost(Measurements.IDLE_CPU, 3, "< 1"),
                                atMost(LoadFigures.RSS, 350, "20, and Redis")),
                        how::start),
                new Row(
                        "processes",
                        "separate broker, router, gateway at 20,000 msg/s",
                        List.of(
                                atMost(LoadFigures.CPU, 40, "–"),
                                none("broker"),
                                none("router-1"),
                                none("gateway-1"),
                                none(LoadFigures.P50),
                                none(LoadFigures.P99)),
                        () -> how.processes(ClusterShape.SMALLEST, CLUSTER_RATE)),
                new Row(
                        "twice",
                        "twice the routers, gateways and partitions at 20,000 msg/s",
                        List.of(atMost(Measurements.CPU_RATIO, 1.1, "–"), none(LoadFigures.CPU)),
                        () -> how.twice(ClusterShape.SMALLEST, CLUSTER_RATE)),
                new Row(
                        "kafka",
                        "limit: Kafka's own tools on the same broker",
                        List.of(
                                none(Measurements.PRODUCED),
                                none(Measurements.CPU_RECORD),
                                none(Measurements.CONSUMED),
                                none(LoadFigures.P50),
                                none(LoadFigures.P99)),
                        () -> how.kafka(RECORDS, RECORD_RATE)));
    }

    private static Goal withReference(String figure, String reference) {
        return atLeast(figure, Double.NaN, reference);
    }

    private static List<Goal> openGoals(
            double p50,
            double p99,
            double cpu,
            String p50Reference,
            String p99Reference,
            String cpuReference) {
        return List.of(
                atMost(LoadFigures.P50, p50, p50Reference),
                atMost(LoadFigures.P99, p99, p99Reference),
                atMost(LoadFigures.CPU, cpu, cpuReference),
                none(LoadFigures.RATE),
                none(LoadFigures.LONGEST_PAUSE));
    }
}
