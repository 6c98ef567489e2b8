package dev.rmb.bench.storm;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.load.Latencies;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.SequenceCheck;
import dev.rmb.bench.load.Watch;
import dev.rmb.bench.net.Dialer;
import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.TurnFlush;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run: all sessions come, break off and come back, several times; each time, a message to each
 * of them shows that it is served.
 *
 * <p>Fields below the constructor's belong to the event loop, on which everything happens.
 */
public final class StormRun {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(30);

    /** The relay asks for confirmation within some tens of milliseconds. */
    private static final Duration CONFIRMED = Duration.ofSeconds(1);

    private static final long RETRY_MILLIS = 50;
    private static final long TOKEN_SECONDS = 900;
    private static final int PAYLOAD = 64;
    private static final double NANOS = 1e9;

    private final StormSettings settings;
    private final Consumer<String> notes;
    private final InstantSource clock;
    private final long run = new SplittableRandom().nextLong();
    private final Transport transport = Transport.best();
    private final Dialer dialer = new Dialer(transport, CONNECT_TIMEOUT);
    private final List<String> tokens = new ArrayList<>();
    private final List<SequenceCheck> checks = new ArrayList<>();
    private final @Nullable StormSession[] sessions;

    private @Nullable Coming coming;
    private long messages;
    private CompletableFuture<Void> delivered = new CompletableFuture<>();
    private int toDeliver;

    /** One coming, while it lasts. */
    private static final class Coming {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Histogram latency = Latencies.histogram();
        private int next;
        private int in;
        private int refused;
    }

    /**
     * A run that is not started yet.
     *
     * @param notes is told how it goes
     * @param clock for tokens and envelopes
     */
    public StormRun(StormSettings settings, Consumer<String> notes, InstantSource clock) {
        this.settings = settings;
        this.notes = notes;
        this.clock = clock;
        this.sessions = new StormSession[settings.sessions()];
    }

    /** The twins that the relay has to know. */
    public static List<DemoTwin> twins(StormSettings settings) {
        return DemoTwin.several(settings.firstTwin(), settings.sessions() + 1);
    }

    /**
     * Runs it.
     *
     * @throws LoadException if the sessions do not come (back)
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public StormReport run() throws InterruptedException {
        List<DemoTwin> twins = twins(settings);
        twins.forEach(twin -> tokens.add(token(twin)));
        tokens.subList(0, settings.sessions()).forEach(token -> checks.add(new SequenceCheck()));
        MultiThreadIoEventLoopGroup group = transport.loops(1, "bench-storm");
        try (var watch = Watch.of(settings.servers())) {
            EventLoop loop = group.next();
            var turn = new TurnFlush(loop);
            var sender =
                    new StormSender(
                            relay(settings.sessions()), tokens.getLast(), turn, frames(twins));
            get(dialer.dial(sender, loop).toCompletableFuture(), CONNECT_TIMEOUT, "connecting");
            StormReport.Coming first = come(loop, turn, watch);
            notes.accept("first coming: " + text(first));
            sayHello(loop, sender);
            List<StormReport.Coming> storms = new ArrayList<>();
            for (int i = 1; i <= settings.storms(); i++) {
                get(CompletableFuture.runAsync(this::breakOff, loop), LOOP_TIMEOUT, "breaking off");
                StormReport.Coming storm = come(loop, turn, watch);
                notes.accept("storm %d: %s".formatted(i, text(storm)));
                storms.add(storm);
                sayHello(loop, sender);
            }
            LoadReport.Delivery delivery =
                    CompletableFuture.supplyAsync(() -> delivery(sender), loop).join();
            get(CompletableFuture.runAsync(this::breakOff, loop), LOOP_TIMEOUT, "breaking off");
            return new StormReport(settings.sessions(), first, storms, delivery);
        } finally {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS)
                    .awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }

    private static String text(StormReport.Coming coming) {
        return String.format(
                Locale.ROOT,
                "%,.0f sessions/s, all in after %.2f s, %d refused",
                coming.perSecond(),
                coming.seconds(),
                coming.refused());
    }

    private String token(DemoTwin twin) {
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(twin.signer(), twin.id(), null, now, now + TOKEN_SECONDS);
    }

    private URI relay(int session) {
        return settings.relays().get(session % settings.relays().size());
    }

    private List<FrameTemplate> frames(List<DemoTwin> twins) {
        List<FrameTemplate> frames = new ArrayList<>();
        for (int i = 0; i < settings.sessions(); i++) {
            frames.add(
                    FrameTemplate.of(
                            FrameTemplate.Kind.REQUEST,
                            run,
                            0,
                            twins.getLast(),
                            i,
                            twins.get(i),
                            PAYLOAD,
                            clock));
        }
        return frames;
    }

    private StormReport.Coming come(EventLoop loop, TurnFlush turn, Watch watch)
            throws InterruptedException {
        var now = new Coming();
        watch.begin();
        long begin = System.nanoTime();
        loop.execute(() -> {
            coming = now;
            for (int i = 0; i < settings.atOnce(); i++) {
                dialNext(loop, turn, now);
            }
        });
        get(now.done, settings.patience(), "for all sessions to be let in, it");
        long nanos = System.nanoTime() - begin;
        watch.end();
        return new StormReport.Coming(
                nanos / NANOS,
                settings.sessions() * NANOS / nanos,
                Latencies.summary(now.latency),
                now.refused,
                watch.servers(settings.sessions(), nanos));
    }

    private void dialNext(EventLoop loop, TurnFlush turn, Coming now) {
        if (now.next < settings.sessions()) {
            dial(loop, turn, now, now.next++, System.nanoTime());
        }
    }

    private void dial(EventLoop loop, TurnFlush turn, Coming now, int index, long since) {
        if (coming != now) {
            return;
        }
        var session =
                new StormSession(
                        index,
                        relay(index),
                        tokens.get(index),
                        turn,
                        run,
                        PAYLOAD,
                        checks.get(index),
                        ignored -> arrived());
        sessions[index] = session;
        var _ =
                dialer.dial(session, loop)
                        .whenComplete((open, failure) -> {
                            if (failure != null) {
                                now.refused++;
                                var _ =
                                        loop.schedule(
                                                () -> dial(loop, turn, now, index, since),
                                                RETRY_MILLIS,
                                                TimeUnit.MILLISECONDS);
                                return;
                            }
                            now.latency.recordValue(
                                    Latencies.recordable(System.nanoTime() - since));
                            now.in++;
                            if (now.in == settings.sessions()) {
                                now.done.complete(null);
                            } else {
                                dialNext(loop, turn, now);
                            }
                        });
    }

    private void breakOff() {
        coming = null;
        for (StormSession session : sessions) {
            if (session != null) {
                session.reset();
            }
        }
    }

    private void arrived() {
        toDeliver--;
        if (toDeliver == 0) {
            delivered.complete(null);
        }
    }

    /** A message to each session, and all of them have come. */
    private void sayHello(EventLoop loop, StormSender sender) throws InterruptedException {
        var all = new CompletableFuture<Void>();
        loop.execute(() -> {
            delivered = all;
            toDeliver = settings.sessions();
            sender.sendAll(messages++);
        });
        try {
            all.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
            // What the relay was not told of comes again to the next session, as it should.
            var _ = new CountDownLatch(1).await(CONFIRMED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            notes.accept("not everything that was sent has arrived");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private LoadReport.Delivery delivery(StormSender sender) {
        long received = 0;
        long duplicated = 0;
        long reordered = 0;
        for (SequenceCheck check : checks) {
            received += check.received();
            duplicated += check.duplicated();
            reordered += check.reordered();
        }
        long sent = messages * settings.sessions();
        return new LoadReport.Delivery(
                sent,
                received,
                sent - received,
                duplicated,
                reordered,
                0,
                sender.refused() == 0
                        ? Map.of()
                        : Map.of("errors of the relay", (long) sender.refused()));
    }

    private static void get(CompletableFuture<?> future, Duration timeout, String what)
            throws InterruptedException {
        try {
            future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new LoadException(what + " failed: " + (cause == null ? e : cause.getMessage()));
        } catch (TimeoutException e) {
            throw new LoadException(what + " took longer than " + timeout.toSeconds() + " s");
        }
    }
}
