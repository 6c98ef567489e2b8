package dev.rmb.bench.idle;

import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.process.HeapHistogram;
import dev.rmb.bench.process.ProcessSample;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.protocol.token.Tokens;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: looks at the gateway's memory, opens sessions, waits, looks again. */
public final class IdleRun {
    private static final int CONNECTING_AT_ONCE = 64;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final long TOKEN_SECONDS = 300;
    private static final int NOTE_EVERY = 5_000;
    private static final double NANOS = 1e9;

    private final IdleSettings settings;
    private final Consumer<String> notes;
    private final InstantSource clock;
    private final List<DemoTwin> twins;
    private final Transport transport = Transport.best();
    private final AtomicInteger ended = new AtomicInteger();

    private record Memory(HeapHistogram heap, long rssBytes) {}

    /**
     * A run that is not started yet.
     *
     * @param notes is told how it goes
     * @param clock for the tokens
     */
    public IdleRun(IdleSettings settings, Consumer<String> notes, InstantSource clock) {
        this.settings = settings;
        this.notes = notes;
        this.clock = clock;
        this.twins = DemoTwin.several(settings.firstTwin(), settings.twins());
    }

    /**
     * Runs it.
     *
     * @throws LoadException if a session cannot be opened
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public IdleReport run() throws InterruptedException {
        MultiThreadIoEventLoopGroup group = transport.loops(1, "bench-idle");
        List<IdleSession> sessions = new ArrayList<>();
        try {
            EventLoop loop = group.next();
            var turn = new TurnFlush(loop);
            warmUp(loop, turn);
            Memory before = memory();
            long began = System.nanoTime();
            while (sessions.size() < settings.sessions()) {
                int count = Math.min(CONNECTING_AT_ONCE, settings.sessions() - sessions.size());
                sessions.addAll(connect(loop, turn, sessions.size(), count));
                if (sessions.size() % NOTE_EVERY < count) {
                    notes.accept("%,d sessions are open".formatted(sessions.size()));
                }
            }
            double seconds = (System.nanoTime() - began) / NANOS;
            sessions.forEach(s -> s.ended().thenAccept(this::endedEarly));
            stay(settings.settle());
            Memory after = memory();
            int open = sessions.size() - ended.get();
            var report = new IdleReport(open, ended.get(), seconds, cost(before, after, open));
            notes.accept("%,d sessions stay for %d s".formatted(open, settings.hold().toSeconds()));
            stay(settings.hold());
            return report;
        } finally {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS)
                    .awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }

    /** What only the first clients of a process cost, such as code that is compiled. */
    private void warmUp(EventLoop loop, TurnFlush turn) throws InterruptedException {
        for (int done = 0; done < settings.warmup(); done += CONNECTING_AT_ONCE) {
            int first = done % settings.sessions();
            int count = Math.min(CONNECTING_AT_ONCE, settings.sessions() - first);
            List<IdleSession> some = connect(loop, turn, first, count);
            some.forEach(IdleSession::close);
            await(
                    CompletableFuture.allOf(
                            some.stream()
                                    .map(s -> s.ended().toCompletableFuture())
                                    .toArray(CompletableFuture<?>[]::new)),
                    "closing");
        }
    }

    private void endedEarly(String why) {
        if (ended.getAndIncrement() == 0) {
            notes.accept(why);
        }
    }

    private List<IdleSession> connect(EventLoop loop, TurnFlush turn, int first, int count)
            throws InterruptedException {
        List<IdleSession> sessions = new ArrayList<>();
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            var session = new IdleSession("session " + i, settings.relay(), token(i), turn);
            sessions.add(session);
            opening.add(connect(session, loop, i));
        }
        await(CompletableFuture.allOf(opening.toArray(CompletableFuture<?>[]::new)), "connecting");
        return sessions;
    }

    private String token(int session) {
        DemoTwin twin = twins.get(session / settings.perTwin());
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(
                twin.signer(),
                twin.id(),
                "idle-" + session % settings.perTwin(),
                now,
                now + TOKEN_SECONDS);
    }

    private CompletableFuture<Void> connect(IdleSession session, EventLoop loop, int index) {
        var bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(transport.clientChannel())
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) CONNECT_TIMEOUT.toMillis())
                        .handler(session);
        List<InetAddress> sources = settings.sources();
        if (!sources.isEmpty()) {
            bootstrap.localAddress(new InetSocketAddress(sources.get(index % sources.size()), 0));
            if (transport == Transport.EPOLL) {
                // The port is chosen when it is known where to, so that all can be used.
                bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
            }
        }
        ChannelFuture connecting =
                bootstrap.connect(settings.relay().getHost(), settings.relay().getPort());
        CompletableFuture<Void> opened = session.opened().toCompletableFuture();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                opened.completeExceptionally(
                        new LoadException("cannot connect: " + done.cause().getMessage()));
            }
        });
        return opened;
    }

    private @Nullable Memory memory() throws InterruptedException {
        Long pid = settings.pid();
        if (pid == null) {
            return null;
        }
        Optional<HeapHistogram> heap = HeapHistogram.of(pid);
        Optional<ProcessSample> process = ProcessSample.of(pid);
        return heap.isPresent() && process.isPresent()
                ? new Memory(heap.get(), process.get().rssBytes())
                : null;
    }

    private static IdleReport.@Nullable Cost cost(
            @Nullable Memory before, @Nullable Memory after, int sessions) {
        if (before == null || after == null || sessions == 0) {
            return null;
        }
        Map<String, Double> classes = new LinkedHashMap<>();
        after.heap().classes().entrySet().stream()
                .map(e ->
                        Map.entry(
                                e.getKey(),
                                e.getValue()
                                        - before.heap().classes().getOrDefault(e.getKey(), 0L)))
                .filter(e -> e.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(e -> classes.put(e.getKey(), (double) e.getValue() / sessions));
        return new IdleReport.Cost(
                before.heap().bytes(),
                before.rssBytes(),
                (double) (after.heap().bytes() - before.heap().bytes()) / sessions,
                (double) (after.rssBytes() - before.rssBytes()) / sessions,
                classes);
    }

    private static void stay(Duration time) throws InterruptedException {
        var _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void await(CompletableFuture<?> future, String what)
            throws InterruptedException {
        try {
            future.get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new LoadException(what + " failed: " + (cause == null ? e : cause.getMessage()));
        } catch (TimeoutException e) {
            throw new LoadException(
                    what + " took longer than " + CONNECT_TIMEOUT.toSeconds() + " s");
        }
    }
}
