package dev.rmb.bench.load;

import dev.rmb.bench.twins.DemoTwin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
                twins(settings.firstTwin(), settings.load().senders(), settings.load().receivers());
        try (var watch = Watch.of(settings.servers());
                var fleet = new Fleet(settings, clock)) {
            long connecting = System.nanoTime();
            fleet.connect(twins);
            progress.note(
                    "%d sessions connected in %.1f s"
                            .formatted(twins.size(), (System.nanoTime() - connecting) / NANOS));
            return load(fleet, watch);
        }
    }

    private LoadReport load(Fleet fleet, Watch watch) throws InterruptedException {
        var latency = new Latencies(fleet.loops().stream().map(LoadLoop::latency).toList());
        var lateness = new Latencies(fleet.loops().stream().map(LoadLoop::lateness).toList());
        long start = System.nanoTime();
        fleet.start(pace(start));
        long warm = start + settings.warmup().toNanos();
        @Nullable String broken = follow(fleet, latency, false, start, start, warm);
        latency.restart();
        lateness.restart();
        watch.begin();
        long begin = System.nanoTime();
        if (broken == null) {
            long end = begin + settings.duration().toNanos();
            broken = follow(fleet, latency, true, start, begin, end);
        }
        latency.next();
        lateness.next();
        long nanos = Math.max(1, System.nanoTime() - begin);
        watch.end();
        fleet.stop();
        LoadReport.Delivery delivery = drain(fleet, broken != null);
        if (broken == null && delivery.lost() > 0) {
            // Perhaps a session ended while what was in flight should have arrived.
            broken = fleet.broken().getNow(null);
        }
        return report(fleet, latency, lateness, nanos, watch, delivery, broken);
    }

    private Pace pace(long startNanos) {
        Double rate = settings.load().rate();
        return rate == null
                ? new Pace.Closed(settings.load().window())
                : new Pace.Open(startNanos, settings.load().senders(), rate);
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

    private LoadReport report(
            Fleet fleet,
            Latencies latency,
            Latencies lateness,
            long nanos,
            Watch watch,
            LoadReport.Delivery delivery,
            @Nullable String broken) {
        long messages = latency.total().getTotalCount();
        double perSecond = messages * NANOS / nanos;
        Load load = settings.load();
        return new LoadReport(
                new LoadReport.Settings(
                        settings.relays().stream().map(Object::toString).toList(),
                        load.senders(),
                        load.receivers(),
                        load.rate() == null ? load.window() : null,
                        load.rate(),
                        load.payload(),
                        load.isAnswered(),
                        fleet.envelopeLength(),
                        settings.warmup().toMillis() / 1e3,
                        settings.loops()),
                LoadReport.Machine.here(),
                nanos / NANOS,
                messages,
                perSecond,
                perSecond * fleet.envelopeLength() / MEBI,
                Latencies.summary(latency.total()),
                Latencies.summary(lateness.total()),
                delivery,
                watch.servers(messages, nanos),
                watch.own(messages, nanos),
                broken);
    }
}
