package dev.rmb.bench.startup;

import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.load.Load;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.net.Dialer;
import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketSession;
import dev.rmb.bench.process.ProcessSample;
import dev.rmb.bench.process.ServerPid;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.targets.Target;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.protocol.token.Tokens;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts a target, sends one envelope, and leaves it alone. */
public final class StartRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long TOKEN_SECONDS = 900;
    private static final double NANOS = 1e9;
    private static final double MEBI = 1 << 20;
    private static final double MICROS_TO_PERCENT = 1e5;

    private final Target target;
    private final Duration settle;
    private final Duration idle;
    private final InstantSource clock;
    private final List<DemoTwin> twins = DemoTwin.several(DemoTwin.FIRST_ID, 2);

    /**
     * A run that is not started yet.
     *
     * @param target which is started each time
     * @param settle from the first envelope until it is idle
     * @param idle how long it is left alone
     * @param clock for token and envelope
     */
    public StartRun(Target target, Duration settle, Duration idle, InstantSource clock) {
        if (!target.isStarted()) {
            throw new IllegalArgumentException("a server that runs cannot be started");
        }
        this.target = target;
        this.settle = settle;
        this.idle = idle;
        this.clock = clock;
    }

    /**
     * Runs it.
     *
     * @throws LoadException if the envelope does not arrive
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public StartReport run() throws InterruptedException {
        Transport transport = Transport.best();
        MultiThreadIoEventLoopGroup group = transport.loops(1, "bench-start");
        List<String> tokens = twins.stream().map(this::token).toList();
        long begin = System.nanoTime();
        try (Servers servers = target.start(twins)) {
            double ready = (System.nanoTime() - begin) / NANOS;
            double first = (firstEnvelope(servers, tokens, transport, group) - begin) / NANOS;
            stay(settle);
            double before = cpuMicros(servers);
            stay(idle);
            double percent = (cpuMicros(servers) - before) / idle.toNanos() * MICROS_TO_PERCENT;
            return new StartReport(ready, first, rss(servers), percent);
        } finally {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS)
                    .awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }

    /** When it arrived, of {@link System#nanoTime}. */
    private long firstEnvelope(
            Servers servers,
            List<String> tokens,
            Transport transport,
            MultiThreadIoEventLoopGroup group)
            throws InterruptedException {
        EventLoop loop = group.next();
        var turn = new TurnFlush(loop);
        var dialer = new Dialer(transport, PATIENCE);
        URI relay = servers.relays().getFirst();
        var receiver = new First("receiver", relay, tokens.getFirst(), turn);
        var sender = new First("sender", relay, tokens.getLast(), turn);
        FrameTemplate frame =
                FrameTemplate.of(
                        FrameTemplate.Kind.REQUEST,
                        0,
                        1,
                        twins.getLast(),
                        0,
                        twins.getFirst(),
                        Load.closed(1, 1).payload(),
                        clock);
        CompletableFuture<Long> arrival =
                dialer.dial(receiver, loop)
                        .thenCompose(open -> dialer.dial(sender, loop))
                        .thenCompose(open -> {
                            sender.send(frame);
                            return receiver.arrival;
                        })
                        .toCompletableFuture();
        try {
            long at = arrival.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            sender.close();
            receiver.close();
            return at;
        } catch (ExecutionException e) {
            throw new LoadException("the first envelope does not arrive: " + e.getCause());
        } catch (TimeoutException e) {
            throw new LoadException(
                    "the first envelope does not arrive within " + PATIENCE.toSeconds() + " s");
        }
    }

    private String token(DemoTwin twin) {
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(twin.signer(), twin.id(), null, now, now + TOKEN_SECONDS);
    }

    private static double cpuMicros(Servers servers) {
        return samples(servers).stream().mapToLong(ProcessSample::cpuMicros).sum();
    }

    private static double rss(Servers servers) {
        return samples(servers).stream().mapToLong(ProcessSample::rssBytes).sum() / MEBI;
    }

    private static List<ProcessSample> samples(Servers servers) {
        return servers.pids().stream()
                .map(ServerPid::pid)
                .flatMap(pid -> ProcessSample.of(pid).stream())
                .toList();
    }

    private static void stay(Duration time) throws InterruptedException {
        var _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static final class First extends WebSocketSession {
        private final CompletableFuture<Long> arrival = new CompletableFuture<>();

        First(String name, URI relay, String token, TurnFlush turn) {
            super(name, relay, token, turn);
        }

        void send(FrameTemplate frame) {
            frame.write(output(frame.frameLength()), 0, 0);
        }

        @Override
        protected void binary(ByteBuf in, int at, int length) {
            arrival.complete(System.nanoTime());
        }
    }
}
