package dev.rmb.bench.load;

import dev.rmb.bench.process.ProcessSample;
import dev.rmb.bench.twins.DemoTwin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One run: connect, warm up, measure, let what is in flight arrive, count. */
public final class LoadRun {
    /** How long after the end messages may take to arrive before they count as lost. */
    private static final Duration MAX_DRAIN = Duration.ofSeconds(20);

    private static final Duration DRAIN_CHECK = Duration.ofMillis(100);
    private static final double MEBI = 1 << 20;
    private static final double NANOS = 1e9;

    private final LoadSettings settings;
    private final Progress progress;
    private final InstantSource clock;

    /**
     * A run that is not started yet.
     *
     * @param settings what to do
     * @param progress is told how it goes
     * @param clock for the tokens and envelopes
     */
    public LoadRun(LoadSettings settings, Progress progress, InstantSource clock) {
        this.settings = settings;
        this.progress = progress;
        this.clock = clock;
    }

    /** The twins that the relay has to know: the receivers', then the senders'. */
    public static List<DemoTwin> twins(long firstTwin, int senders, int receivers) {
        return DemoTwin.several(firstTwin, receivers + senders);
    }

    /**
     * Runs it.
     *
     * @throws LoadException if it cannot start
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public LoadReport run() throws InterruptedException {
        List<DemoTwin> twins =
                twins(settings.firstTwin(), settings.senders(), settings.receivers());
        try (var fleet = new Fleet(settings, clock)) {
            long connecting = System.nanoTime();
            fleet.connect(twins);
            progress.note(
                    "%d sessions connected in %.1f s"
                            .formatted(twins.size(), (System.nanoTime() - connecting) / NANOS));
            return load(fleet);
        }
    }

    private LoadReport load(Fleet fleet) throws InterruptedException {
        var latency = new Latencies(fleet.loops().stream().map(LoadLoop::latency).toList());
        var lateness = new Latencies(fleet.loops().stream().map(LoadLoop::lateness).toList());
        long start = System.nanoTime();
        fleet.start(pace(start));
        long warm = start + settings.warmup().toNanos();
        @Nullable String broken = follow(fleet, latency, false, start, start, warm);
        latency.restart();
        lateness.restart();
        Map<Long, ProcessSample> before = samples();
        long begin = System.nanoTime();
        if (broken == null) {
            long end = begin + settings.duration().toNanos();
            broken = follow(fleet, latency, true, start, begin, end);
        }
        latency.next();
        lateness.next();
        long nanos = Math.max(1, System.nanoTime() - begin);
        Map<Long, ProcessSample> after = samples();
        fleet.stop();
        LoadReport.Delivery delivery = drain(fleet, broken != null);
        if (broken == null && delivery.lost() > 0) {
            // Perhaps a session ended while what was in flight should have arrived.
            broken = fleet.broken().getNow(null);
        }
        return report(fleet, latency, lateness, nanos, before, after, delivery, broken);
    }

    private Pace pace(long startNanos) {
        Double rate = settings.rate();
        return rate == null
                ? new Pace.Closed(settings.window())
                : new Pace.Open(startNanos, settings.senders(), rate);
    }

    /** Waits for the end of a phase; tells the reason if the run broke. */
    private @Nullable String follow(
            Fleet fleet, Latencies latency, boolean measuring, long start, long from, long until)
            throws InterruptedException {
        long last = from;
        while (last < until) {
            long wait = Math.min(until - last, TimeUnit.SECONDS.toNanos(1));
            Optional<String> broken = brokenWithin(fleet, wait);
            if (broken.isPresent()) {
                return broken.get();
            }
            long now = System.nanoTime();
            Histogram interval = latency.next();
            progress.second(
                    measuring,
                    TimeUnit.NANOSECONDS.toSeconds(now - start),
                    interval.getTotalCount() * NANOS / (now - last),
                    Latencies.summary(interval));
            last = now;
        }
        return null;
    }

    private static Optional<String> brokenWithin(Fleet fleet, long nanos)
            throws InterruptedException {
        try {
            return Optional.of(fleet.broken().get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private LoadReport.Delivery drain(Fleet fleet, boolean broken) throws InterruptedException {
        long until = System.nanoTime() + (broken ? 0 : MAX_DRAIN.toNanos());
        LoadReport.Delivery delivery = fleet.delivery();
        while (delivery.lost() > 0
                && System.nanoTime() < until
                && brokenWithin(fleet, DRAIN_CHECK.toNanos()).isEmpty()) {
            delivery = fleet.delivery();
        }
        return delivery;
    }

    private Map<Long, ProcessSample> samples() {
        Map<Long, ProcessSample> samples = new LinkedHashMap<>();
        for (long pid : settings.pids()) {
            ProcessSample.of(pid).ifPresent(sample -> samples.put(pid, sample));
        }
        long own = ProcessHandle.current().pid();
        ProcessSample.of(own).ifPresent(sample -> samples.put(own, sample));
        return samples;
    }

    private LoadReport report(
            Fleet fleet,
            Latencies latency,
            Latencies lateness,
            long nanos,
            Map<Long, ProcessSample> before,
            Map<Long, ProcessSample> after,
            LoadReport.Delivery delivery,
            @Nullable String broken) {
        long messages = latency.total().getTotalCount();
        double perSecond = messages * NANOS / nanos;
        long own = ProcessHandle.current().pid();
        return new LoadReport(
                new LoadReport.Settings(
                        settings.relay().toString(),
                        settings.senders(),
                        settings.receivers(),
                        settings.rate() == null ? settings.window() : null,
                        settings.rate(),
                        settings.payload(),
                        fleet.envelopeLength(),
                        settings.warmup().toMillis() / 1e3,
                        settings.loops()),
                machine(),
                nanos / NANOS,
                messages,
                perSecond,
                perSecond * fleet.envelopeLength() / MEBI,
                Latencies.summary(latency.total()),
                Latencies.summary(lateness.total()),
                delivery,
                settings.pids().stream()
                        .filter(pid -> before.containsKey(pid) && after.containsKey(pid))
                        .map(pid -> cost(pid, before, after, messages, nanos))
                        .toList(),
                before.containsKey(own) ? cost(own, before, after, messages, nanos) : null,
                broken);
    }

    private static LoadReport.Cost cost(
            long pid,
            Map<Long, ProcessSample> before,
            Map<Long, ProcessSample> after,
            long messages,
            long nanos) {
        var none = new ProcessSample(0, 0, 0);
        ProcessSample first = before.getOrDefault(pid, none);
        ProcessSample last = after.getOrDefault(pid, none);
        double micros = last.cpuMicros() - first.cpuMicros();
        return new LoadReport.Cost(
                pid,
                messages == 0 ? 0 : micros / messages,
                micros * 1e3 / nanos,
                last.rssBytes() / MEBI,
                last.peakRssBytes() / MEBI);
    }

    private static LoadReport.Machine machine() {
        return new LoadReport.Machine(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version().toString());
    }

    private static String processorName() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
