package dev.rmb.bench.table;

import dev.rmb.bench.figure.LoadFigures;
import dev.rmb.bench.idle.IdleReport;
import dev.rmb.bench.idle.IdleRun;
import dev.rmb.bench.idle.IdleSettings;
import dev.rmb.bench.kafka.KafkaReport;
import dev.rmb.bench.kafka.KafkaRun;
import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.LoadRun;
import dev.rmb.bench.load.LoadSettings;
import dev.rmb.bench.load.Progress;
import dev.rmb.bench.offline.OfflineReport;
import dev.rmb.bench.offline.OfflineRun;
import dev.rmb.bench.offline.OfflineSettings;
import dev.rmb.bench.startup.StartReport;
import dev.rmb.bench.startup.StartRun;
import dev.rmb.bench.storm.StormReport;
import dev.rmb.bench.storm.StormRun;
import dev.rmb.bench.storm.StormSettings;
import dev.rmb.bench.targets.Broker;
import dev.rmb.bench.targets.ClusterShape;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.targets.Target;
import dev.rmb.bench.twins.DemoTwin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How each row is measured. Figures are in the units that their names say. */
final class Measurements {
    static final String ACCEPTED = "accepted msg/s";
    static final String DRAINED = "drained msg/s";
    static final String RSS_SESSION = "KiB RSS per session";
    static final String HEAP_SESSION = "KiB heap per session";
    static final String CONNECTED = "sessions/s";
    static final String CPU_SESSION = "CPU µs per session";
    static final String FIRST = "s to the first envelope";
    static final String READY = "s to ready";
    static final String IDLE_CPU = "% of a core, idle";
    static final String CPU_RATIO = "CPU per message, times";
    static final String PRODUCED = "written records/s";
    static final String CONSUMED = "read records/s";
    static final String CPU_RECORD = "broker CPU µs per record";

    private static final double MICROS_PER_MILLI = 1e3;
    private static final double KIBI = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final int PAYLOAD = 256;
    private static final int RECORD_BYTES = 394;

    private final Target relay;
    private final Effort effort;
    private final Progress progress;
    private final InstantSource clock = InstantSource.system();

    /**
     * Measurements of one relay.
     *
     * @param relay as started for each round
     * @param progress is told how it goes
     */
    Measurements(Target relay, Effort effort, Progress progress) {
        this.relay = relay;
        this.effort = effort;
        this.progress = progress;
    }

    Row.Round load(Load load) throws InterruptedException {
        LoadReport report = run(relay, load);
        if (!effort.withLimits()) {
            return round(LoadFigures.of(report), Map.of(), report.isPerfect(), List.of(report));
        }
        LoadReport limit = run(new Target.Hub(), load);
        return round(
                LoadFigures.of(report),
                LoadFigures.of(limit),
                report.isPerfect(),
                List.of(report, limit));
    }

    private LoadReport run(Target target, Load load) throws InterruptedException {
        List<DemoTwin> twins = LoadRun.twins(DemoTwin.FIRST_ID, load.senders(), load.receivers());
        progress.note("starting " + target.text());
        try (Servers servers = target.start(twins)) {
            return new LoadRun(
                            new LoadSettings(
                                    servers.relays(),
                                    DemoTwin.FIRST_ID,
                                    load,
                                    effort.warmup(),
                                    effort.duration(),
                                    1,
                                    servers.pids()),
                            progress,
                            clock)
                    .run();
        }
    }

    private static Row.Round round(
            Map<String, Double> figures,
            Map<String, Double> limits,
            boolean isPerfect,
            List<Object> reports) {
        return new Row.Round(figures, limits, isPerfect, reports);
    }

    Row.Round offline(int messages) throws InterruptedException {
        var nobody =
                new OfflineSettings(
                        List.of(),
                        DemoTwin.FIRST_ID,
                        4,
                        32,
                        messages,
                        4096,
                        PAYLOAD,
                        SETTLE,
                        PATIENCE,
                        List.of());
        progress.note("starting " + relay.text());
        try (Servers servers = relay.start(OfflineRun.twins(nobody))) {
            OfflineReport warm = null;
            // The first time round warms up: code that is compiled, and tables that grow.
            for (int i = 0; i < 2; i++) {
                warm =
                        new OfflineRun(
                                        nobody.at(servers.relays(), servers.pids()),
                                        progress::note,
                                        clock)
                                .run();
            }
            OfflineReport report = Objects.requireNonNull(warm);
            return round(
                    Map.of(
                            ACCEPTED,
                            report.accepted().messagesPerSecond(),
                            DRAINED,
                            report.drained().messagesPerSecond()),
                    Map.of(),
                    report.delivery().isPerfect(),
                    List.of(report));
        }
    }

    Row.Round idle(int sessions) throws InterruptedException {
        int perTwin = 1_000;
        List<DemoTwin> twins = DemoTwin.several(DemoTwin.FIRST_ID, Math.ceilDiv(sessions, perTwin));
        progress.note("starting " + relay.text());
        try (Servers servers = relay.start(twins)) {
            var settings =
                    new IdleSettings(
                            servers.relays().getFirst(),
                            DemoTwin.FIRST_ID,
                            sessions,
                            perTwin,
                            List.of(),
                            Math.min(5_000, sessions),
                            Duration.ofSeconds(40),
                            Duration.ZERO,
                            servers.pids().getFirst().pid());
            IdleReport report = new IdleRun(settings, progress::note, clock).run();
            IdleReport.Cost cost = report.cost();
            if (cost == null) {
                throw new LoadException("jcmd or /proc tell nothing about the relay");
            }
            return round(
                    Map.of(
                            RSS_SESSION,
                            cost.rssBytesPerSession() / KIBI,
                            HEAP_SESSION,
                            cost.heapBytesPerSession() / KIBI),
                    Map.of(),
                    report.ended() == 0,
                    List.of(report));
        }
    }

    Row.Round connections(int sessions, int storms) throws InterruptedException {
        var nobody =
                new StormSettings(
                        List.of(), DemoTwin.FIRST_ID, sessions, storms, 256, PATIENCE, List.of());
        List<DemoTwin> twins = StormRun.twins(nobody);
        StormReport report = storm(relay, nobody, twins);
        if (!effort.withLimits()) {
            return round(figures(report), Map.of(), report.delivery().isPerfect(), List.of(report));
        }
        StormReport limit = storm(new Target.Hub(), nobody, twins);
        return round(
                figures(report),
                figures(limit),
                report.delivery().isPerfect(),
                List.of(report, limit));
    }

    private StormReport storm(Target target, StormSettings settings, List<DemoTwin> twins)
            throws InterruptedException {
        progress.note("starting " + target.text());
        try (Servers servers = target.start(twins)) {
            return new StormRun(
                            settings.at(servers.relays(), servers.pids()), progress::note, clock)
                    .run();
        }
    }

    /** Of the last coming, when everything is compiled. */
    private static Map<String, Double> figures(StormReport report) {
        StormReport.Coming last =
                report.storms().isEmpty() ? report.first() : report.storms().getLast();
        return Map.of(
                CONNECTED,
                last.perSecond(),
                LoadFigures.P99,
                last.latency().p99() / MICROS_PER_MILLI,
                CPU_SESSION,
                last.servers().stream().mapToDouble(LoadReport.Cost::cpuMicrosPerMessage).sum());
    }

    Row.Round start() throws InterruptedException {
        progress.note("starting " + relay.text());
        StartReport report =
                new StartRun(relay, Duration.ofSeconds(10), Duration.ofSeconds(20), clock).run();
        return round(
                Map.of(
                        FIRST,
                        report.firstEnvelopeSeconds(),
                        READY,
                        report.readySeconds(),
                        IDLE_CPU,
                        report.idleCpuPercent(),
                        LoadFigures.RSS,
                        report.rssMebibytes()),
                Map.of(),
                true,
                List.of(report));
    }

    Row.Round processes(ClusterShape shape, double rate) throws InterruptedException {
        LoadReport report = run(Target.cluster(shape), Load.open(4, 4, rate));
        var figures = new LinkedHashMap<>(LoadFigures.of(report));
        report.servers().forEach(cost -> figures.put(cost.name(), cost.cpuMicrosPerMessage()));
        return round(figures, Map.of(), report.isPerfect(), List.of(report));
    }

    Row.Round twice(ClusterShape shape, double rate) throws InterruptedException {
        LoadReport once = run(Target.cluster(shape), Load.open(4, 4, rate));
        LoadReport twice = run(Target.cluster(shape.twice()), Load.open(4, 4, rate));
        return round(
                Map.of(
                        CPU_RATIO,
                        twice.cpuMicrosPerMessage() / once.cpuMicrosPerMessage(),
                        LoadFigures.CPU,
                        twice.cpuMicrosPerMessage()),
                Map.of(),
                once.isPerfect() && twice.isPerfect(),
                List.of(once, twice));
    }

    Row.Round kafka(int records, int rate) throws InterruptedException {
        progress.note("starting the broker alone");
        try (Broker broker = Broker.start()) {
            KafkaReport report =
                    new KafkaRun(
                                    new KafkaRun.Settings(
                                            broker.bootstrapServers(),
                                            broker.pid(),
                                            records,
                                            RECORD_BYTES,
                                            ClusterShape.SMALLEST.partitions(),
                                            rate),
                                    progress::note)
                            .run();
            var figures = new LinkedHashMap<String, Double>();
            figures.put(PRODUCED, report.produced());
            figures.put(CONSUMED, report.consumed());
            if (report.broker() != null) {
                figures.put(CPU_RECORD, report.broker().cpuMicrosPerMessage());
            }
            if (report.paced() != null) {
                figures.put(LoadFigures.P50, report.paced().p50());
                figures.put(LoadFigures.P99, report.paced().p99());
            }
            return round(figures, Map.of(), true, List.of(report));
        }
    }
}
