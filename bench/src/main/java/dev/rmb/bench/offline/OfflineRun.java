package dev.rmb.bench.offline;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.SequenceCheck;
import dev.rmb.bench.load.Watch;
import dev.rmb.bench.net.Dialer;
import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketSession;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.protocol.token.Tokens;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run: fills the mailboxes of receivers that are away, then has all of them come. */
public final class OfflineRun {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(30);

    /** What comes twice comes after everything else. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long TOKEN_SECONDS = 900;
    private static final double NANOS = 1e9;

    private final OfflineSettings settings;
    private final Consumer<String> notes;
    private final InstantSource clock;
    private final long run = new SplittableRandom().nextLong();
    private final Transport transport = Transport.best();
    private final Dialer dialer = new Dialer(transport, CONNECT_TIMEOUT);
    private final List<FillSession> senders = new ArrayList<>();
    private final List<DrainSession> receivers = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals();

    /**
     * A run that is not started yet.
     *
     * @param notes is told how it goes
     * @param clock for tokens and envelopes
     */
    public OfflineRun(OfflineSettings settings, Consumer<String> notes, InstantSource clock) {
        this.settings = settings;
        this.notes = notes;
        this.clock = clock;
    }

    /** The twins that the relay has to know. */
    public static List<DemoTwin> twins(OfflineSettings settings) {
        return DemoTwin.several(settings.firstTwin(), settings.receivers() + settings.senders());
    }

    /**
     * Runs it.
     *
     * @throws LoadException if a session cannot be opened, or the relay stops answering
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public OfflineReport run() throws InterruptedException {
        MultiThreadIoEventLoopGroup group = transport.loops(1, "bench-offline");
        try (var watch = Watch.of(settings.servers())) {
            EventLoop loop = group.next();
            var turn = new TurnFlush(loop);
            prepare(turn);
            connect(senders, loop);
            OfflineReport.Phase accepted = fill(loop, watch);
            notes.accept("accepted: " + text(accepted));
            stay(settings.settle());
            OfflineReport.Phase drained = drain(loop, watch);
            notes.accept("drained: " + text(drained));
            stay(LATE);
            var report =
                    new OfflineReport(
                            settings.messages(), accepted, drained, onLoop(loop, this::delivery));
            senders.forEach(WebSocketSession::close);
            receivers.forEach(WebSocketSession::close);
            return report;
        } finally {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS)
                    .awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }

    private static String text(OfflineReport.Phase phase) {
        return String.format(
                Locale.ROOT, "%,.0f msg/s for %.2f s", phase.messagesPerSecond(), phase.seconds());
    }

    private void prepare(TurnFlush turn) {
        List<DemoTwin> twins = twins(settings);
        List<DemoTwin> to = twins.subList(0, settings.receivers());
        List<DemoTwin> from = twins.subList(settings.receivers(), twins.size());
        for (int i = 0; i < to.size(); i++) {
            receivers.add(
                    new DrainSession(
                            i,
                            relay(i),
                            token(to.get(i)),
                            turn,
                            run,
                            settings.payload(),
                            from.size(),
                            arrivals));
        }
        for (int i = 0; i < from.size(); i++) {
            // What does not divide goes to the first ones.
            int limit =
                    settings.messages() / from.size()
                            + (i < settings.messages() % from.size() ? 1 : 0);
            senders.add(
                    new FillSession(
                            from.get(i),
                            relay(i),
                            token(from.get(i)),
                            turn,
                            frames(i, from.get(i), to),
                            i % to.size(),
                            limit,
                            settings.unconfirmed()));
        }
    }

    private List<FrameTemplate> frames(int sender, DemoTwin from, List<DemoTwin> to) {
        List<FrameTemplate> frames = new ArrayList<>();
        for (int receiver = 0; receiver < to.size(); receiver++) {
            frames.add(
                    FrameTemplate.of(
                            FrameTemplate.Kind.REQUEST,
                            run,
                            sender,
                            from,
                            receiver,
                            to.get(receiver),
                            settings.payload(),
                            clock));
        }
        return frames;
    }

    private URI relay(int session) {
        return settings.relays().get(session % settings.relays().size());
    }

    private String token(DemoTwin twin) {
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(twin.signer(), twin.id(), null, now, now + TOKEN_SECONDS);
    }

    private OfflineReport.Phase fill(EventLoop loop, Watch watch) throws InterruptedException {
        watch.begin();
        long begin = System.nanoTime();
        loop.execute(() -> senders.forEach(FillSession::start));
        CompletableFuture<?> all =
                CompletableFuture.allOf(
                        senders.stream()
                                .map(s -> s.done().toCompletableFuture())
                                .toArray(CompletableFuture<?>[]::new));
        long confirmed = 0;
        long progressed = begin;
        long second = begin;
        while (!doneWithin(all)) {
            long now = System.nanoTime();
            long sum = senders.stream().mapToLong(FillSession::confirmed).sum();
            if (sum > confirmed) {
                confirmed = sum;
                progressed = now;
            }
            if (now - progressed > settings.patience().toNanos()) {
                throw new LoadException(
                        "the relay has answered for %,d messages and for no more since %d s"
                                .formatted(confirmed, settings.patience().toSeconds()));
            }
            if (now - second > NANOS) {
                second = now;
                notes.accept("%,d accepted".formatted(confirmed));
            }
        }
        return phase(begin, System.nanoTime(), settings.messages(), watch);
    }

    private static boolean doneWithin(CompletableFuture<?> all) throws InterruptedException {
        try {
            all.get(LOOK_NANOS, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private OfflineReport.Phase drain(EventLoop loop, Watch watch) throws InterruptedException {
        watch.begin();
        long begin = System.nanoTime();
        connect(receivers, loop);
        long second = begin;
        long last = begin;
        while (arrivals.count() < settings.messages()) {
            var _ = new CountDownLatch(1).await(LOOK_NANOS, TimeUnit.NANOSECONDS);
            long now = System.nanoTime();
            last = Math.max(last, arrivals.lastNanos());
            if (now - last > settings.patience().toNanos()) {
                break;
            }
            if (now - second > NANOS) {
                second = now;
                notes.accept("%,d arrived".formatted(arrivals.count()));
            }
        }
        return phase(begin, Math.max(begin + 1, arrivals.lastNanos()), arrivals.count(), watch);
    }

    private static OfflineReport.Phase phase(long begin, long end, long messages, Watch watch) {
        watch.end();
        long nanos = end - begin;
        return new OfflineReport.Phase(
                nanos / NANOS, messages * NANOS / nanos, watch.servers(messages, nanos));
    }

    private LoadReport.Delivery delivery() {
        long sent = 0;
        long received = 0;
        long duplicated = 0;
        long reordered = 0;
        long foreign = 0;
        Map<String, Long> errors = new TreeMap<>();
        for (int i = 0; i < senders.size(); i++) {
            long[] sentTo = senders.get(i).sentToEach();
            for (int receiver = 0; receiver < sentTo.length; receiver++) {
                SequenceCheck check = receivers.get(receiver).check(i);
                sent += sentTo[receiver];
                received += check.received();
                duplicated += check.duplicated();
                reordered += check.reordered();
            }
            senders.get(i).errors().forEach((text, count) -> errors.merge(text, count, Long::sum));
        }
        for (DrainSession receiver : receivers) {
            foreign += receiver.foreign();
        }
        return new LoadReport.Delivery(
                sent, received, sent - received, duplicated, reordered, foreign, errors);
    }

    private static <T> T onLoop(EventLoop loop, Supplier<T> task) throws InterruptedException {
        return get(CompletableFuture.supplyAsync(task, loop), LOOP_TIMEOUT, "the event loop");
    }

    private void connect(List<? extends WebSocketSession> sessions, EventLoop loop)
            throws InterruptedException {
        var _ =
                get(
                        CompletableFuture.allOf(
                                sessions.stream()
                                        .map(s -> dialer.dial(s, loop).toCompletableFuture())
                                        .toArray(CompletableFuture<?>[]::new)),
                        CONNECT_TIMEOUT,
                        "connecting");
    }

    private static void stay(Duration time) throws InterruptedException {
        var _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> T get(CompletableFuture<T> future, Duration timeout, String what)
            throws InterruptedException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new LoadException(what + " failed: " + (cause == null ? e : cause.getMessage()));
        } catch (TimeoutException e) {
            throw new LoadException(what + " took longer than " + timeout.toSeconds() + " s");
        }
    }
}
